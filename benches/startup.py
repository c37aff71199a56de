"""From the command to the first poll (the call just before it), and the memory at rest."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from benches.processes import cpu_seconds, resident_mib
from rehearsal.company import Company

STARTS = 5
REST_SECONDS = 1.0


async def measure() -> list[str]:
    """The first start migrates an empty database, the later ones do not."""
    waits: list[float] = []
    costs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), start="2024-11-04T10:00:00+08:00", tick_seconds=15.0)
        async with company:
            for _ in range(STARTS + 1):
                known = await company.people.calls()
                last = known[-1]["number"] if known else 0
                began = time.monotonic()
                await company.start_bot()
                while not await company.people.calls("deleteWebhook", after=last):
                    await asyncio.sleep(0.01)
                waits.append(time.monotonic() - began)
                costs.append(cpu_seconds(company.bot_pid))
                await asyncio.sleep(REST_SECONDS)
                memory = resident_mib(company.bot_pid)
                await company.stop_bot()
    return [
        f"first start, with the migration: {waits[0]:.2f} s ({costs[0]:.2f} s CPU)",
        f"later starts, median of {STARTS}:    {median(waits[1:]):.2f} s"
        f" ({median(costs[1:]):.2f} s CPU)",
        f"resident at rest: {memory:.0f} MiB",
    ]


if __name__ == "__main__":
    print("\n".join(asyncio.run(measure())))

"""`make bench`: every benchmark once, as the tables of docs/benchmarks.md."""

import asyncio

from benches import ledger, startup, steps, weekly


def main() -> None:
    print("## A committed conversation step\n")
    found = asyncio.run(steps.compare())
    print(
        f"ours {found['ours_ms']:.2f} ms CPU, ConversationHandler {found['theirs_ms']:.2f} ms,"
        f" ratio {found['ratio']:.2f}; resident {found['rest_mib']:.0f} MiB"
        f" with {steps.PEOPLE} people, {found['after_mib']:.0f} MiB after the rounds"
    )
    for title, lines in (
        ("The weekly bulletin, facts to text", weekly.main()),
        ("The ledger", ledger.main()),
        ("Starting", asyncio.run(startup.measure())),
    ):
        print(f"\n## {title}\n")
        print("\n".join(lines))


if __name__ == "__main__":
    main()

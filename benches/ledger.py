"""Importing a ledger of 137 and of 10,000 projects: read, recognised, compared, applied."""

import tempfile
import time
from pathlib import Path

from actions.desk import Desk
from actions.ledger import apply_import, read_ledger, rehearse_import
from benches.district import district_book
from benches.weekly import NOW, OFFICE
from models.database import Database
from models.schema import bring_up_to_date


def measure(projects: int) -> dict[str, float]:
    """Seconds of wall time; reading includes its guarded child process."""
    content = district_book(projects)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        bring_up_to_date(database.engine)
        began = time.monotonic()
        draft = read_ledger(content, "bench.xlsx", OFFICE)
        read = time.monotonic()
        database.work_now(lambda tx: rehearse_import(Desk(tx, NOW, OFFICE), None, draft))
        tried = time.monotonic()
        database.work_now(lambda tx: apply_import(Desk(tx, NOW, OFFICE), None, draft))
        applied = time.monotonic()
        database.work_now(lambda tx: apply_import(Desk(tx, NOW, OFFICE), None, draft))
        again = time.monotonic()
        database.close()
    return {
        "read": read - began,
        "dry run": tried - read,
        "apply": applied - tried,
        "again": again - applied,
    }


def main() -> list[str]:
    lines = ["projects  read+recognise s  dry run s  apply s  apply again s"]
    for projects in (137, 10_000):
        found = measure(projects)
        lines.append(
            f"{projects:8}  {found['read']:16.2f}  {found['dry run']:9.2f}"
            f"  {found['apply']:7.2f}  {found['again']:13.2f}"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(main()))

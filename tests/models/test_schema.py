"""The schema: the code and the migrations agree, and a migration is done wholly or not at all."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect
from sqlmodel import SQLModel

from models.database import Database
from models.schema import HEAD, NewerSchema, bring_up_to_date, known_revisions, revision_of

ROOT = Path(__file__).resolve().parents[2]


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder}/x.sqlite")


def test_the_newest_migration_is_the_one_the_code_works_on() -> None:
    script = ScriptDirectory(str(ROOT / "models" / "migrations"))
    assert script.get_heads() == [HEAD]
    assert known_revisions() == {each.revision for each in script.walk_revisions()}


def test_an_empty_database_becomes_what_the_models_say(tmp_path: Path) -> None:
    database = opened(tmp_path)
    assert revision_of(database.engine) is None
    assert bring_up_to_date(database.engine)
    assert revision_of(database.engine) == HEAD
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()


def test_what_is_up_to_date_is_not_touched(tmp_path: Path) -> None:
    database = opened(tmp_path)
    bring_up_to_date(database.engine)
    assert not bring_up_to_date(database.engine)
    database.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = opened(tmp_path)
    bring_up_to_date(database.engine)
    with sqlite3.connect(tmp_path / "x.sqlite") as books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema, match="9999"):
        bring_up_to_date(database.engine)
    assert revision_of(database.engine) == "9999"
    database.close()


class PowerCut(Exception):
    pass


@pytest.mark.parametrize("nth", [1, 2, 9, 23, 40])
def test_a_migration_that_breaks_off_leaves_nothing_and_can_be_done_again(
    tmp_path: Path, nth: int
) -> None:
    database = opened(tmp_path)
    count = 0

    def cut(*_: object) -> None:
        nonlocal count
        count += 1
        if count == nth:
            raise PowerCut

    event.listen(database.engine, "before_cursor_execute", cut)
    with pytest.raises(PowerCut):
        bring_up_to_date(database.engine)
    event.remove(database.engine, "before_cursor_execute", cut)
    assert inspect(database.engine).get_table_names() == []
    assert bring_up_to_date(database.engine)
    database.close()


KILLED = """
import os, signal, sys
from sqlalchemy import event
from models.database import Database
from models.schema import bring_up_to_date
database, count = Database(sys.argv[1]), 0
def cut(*_):
    global count
    count += 1
    if count == 25:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database.engine, "after_cursor_execute", cut)
bring_up_to_date(database.engine)
"""


def test_a_migration_killed_half_way_leaves_an_empty_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    killed = subprocess.run([sys.executable, "-c", KILLED, url], cwd=ROOT, check=False)
    assert killed.returncode == -9
    database = opened(tmp_path)
    assert inspect(database.engine).get_table_names() == []
    assert bring_up_to_date(database.engine)
    assert revision_of(database.engine) == HEAD
    database.close()

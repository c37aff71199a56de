"""The schema's revision: brought up to date at start, refused when newer than the code."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0001"
"""The revision this code works on; a test compares it with the newest migration."""

_MIGRATIONS = Path(__file__).with_name("migrations")


class NewerSchema(Exception):
    """The database was migrated by a newer release; the old one must not touch it."""


def revision_of(engine: Engine) -> str | None:
    """None: an empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def bring_up_to_date(engine: Engine) -> bool:
    """Run what is missing; True when something was. Raises NewerSchema."""
    now = revision_of(engine)
    if now == HEAD:
        return False
    if now is not None and now not in known_revisions():
        raise NewerSchema(now)
    with engine.connect() as connection:
        _upgrade(connection)
    return True


def known_revisions() -> frozenset[str]:
    names = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return frozenset(path.stem.split("_")[0] for path in names)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 200 ms: only when there is something to migrate
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()

"""The operator's log: one line each, with what helps and without what is nobody's business."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from logs import Redacting, set_up_logs

TOKEN = "7000000001:AAE-a-canary-that-opens-nothing-000"


class Paper(io.StringIO):
    """What the operator reads."""

    def read_out(self) -> str:
        said = self.getvalue()
        self.truncate(0)
        self.seek(0)
        return said


def written(level: str, *secrets: str) -> Paper:
    set_up_logs(level, *secrets)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    paper = Paper()
    handler.setStream(paper)
    return paper


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers.clear()
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture
def paper() -> Paper:
    return written("DEBUG", "a-secret-of-our-own")


log = logging.getLogger("gateway.test")


def test_a_token_is_taken_out_wherever_it_stands(paper: Paper) -> None:
    log.info("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.warning("it is a-secret-of-our-own, and %r", {"token": TOKEN})
    line = paper.read_out()
    assert TOKEN not in line and "a-secret" not in line and line.count("***") == 3


def test_one_thing_is_one_line(paper: Paper) -> None:
    log.info("one\n2024-11-01 ERROR forged: %s", "two\nthree")
    assert paper.read_out().count("\n") == 1


def test_numbers_that_help_stand_at_the_end(paper: Paper) -> None:
    log.info("call failed", extra={"outbox": 7, "why": "429", "text": "主体封顶"})
    line = paper.read_out()
    assert line.rstrip().endswith("call failed outbox=7 why=429")
    assert "主体封顶" not in line


def test_an_error_says_where_and_what_kind_and_not_what_people_said(paper: Paper) -> None:
    try:
        raise ValueError(f"主体封顶 {TOKEN}")
    except ValueError:
        log.error("update failed", exc_info=sys.exc_info())
    line = paper.read_out()
    assert "ValueError at test_logs.py:" in line
    assert "主体封顶" not in line and TOKEN not in line


def test_libraries_that_log_addresses_and_bodies_are_quiet(paper: Paper) -> None:
    for name in ("httpx", "aiohttp.access", "telegram.ext", "telegram.request", "alembic.runtime"):
        logging.getLogger(name).info("主体封顶")
    assert paper.read_out() == ""


def test_below_its_level_nothing_is_said() -> None:
    paper = written("WARNING", "")
    logging.getLogger("gateway.test").info("quiet")
    assert paper.read_out() == ""


def test_an_empty_secret_hides_nothing() -> None:
    record = logging.makeLogRecord({"msg": "plain words", "args": ()})
    assert Redacting("").filter(record)
    assert record.getMessage() == "plain words"

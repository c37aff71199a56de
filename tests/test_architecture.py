"""The house plan holds: who imports whom, who reads the clock, who speaks to Telegram."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = {"rules", "flows", "reports", "ledger", "models", "actions"}
EDGES = {"config", "installation", "service", "checkup", "desk_work", "logs", "bot"}

OUTSIDE: dict[str, set[str]] = {
    "rules": set(),
    "flows": set(),
    "ledger": {"python_calamine"},
    "models": {"sqlmodel", "sqlalchemy", "alembic"},
    "reports": {"jinja2", "markupsafe", "xlsxwriter"},
    "actions": {"sqlalchemy", "chinese_calendar", "rapidfuzz", "pypinyin"},
    "handlers": {"telegram"},
    "gateway": {"telegram", "sqlalchemy", "aiohttp", "aiohttp_socks"},
    "rehearsal": {"aiohttp"},
}
"""What each folder may import that is neither the standard library nor a folder of this house."""


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def modules_of(folder: str) -> list[Path]:
    found = [path for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts]
    assert found, folder
    return found


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def called_in(path: Path) -> Iterator[str]:
    """Calls as they are written, such as `datetime.now`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_the_folders_import_only_whom_the_plan_lets_them() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", OUTSIDE)
def test_each_folder_keeps_to_its_few_libraries(folder: str) -> None:
    allowed = OUTSIDE[folder] | OUTSIDE.keys() | sys.stdlib_module_names
    strangers = {
        (str(path.relative_to(ROOT)), name)
        for path in modules_of(folder)
        for name in imports_of(path)
        if name.partition(".")[0] not in allowed
    }
    assert not strangers


def test_nothing_imports_the_command_line_and_no_folder_imports_the_wiring() -> None:
    for folder in OUTSIDE:
        for path in modules_of(folder):
            assert not EDGES & set(imports_of(path)), path
    for edge in EDGES:
        assert "bot" not in set(imports_of(ROOT / f"{edge}.py")), edge


def test_time_is_an_argument_and_never_read_from_a_clock() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic"}
    for folder in PURE:
        for path in modules_of(folder):
            read = {
                call
                for call in called_in(path)
                if call.split(".")[-1] in clocks
                and call.split(".")[0] in ("datetime", "date", "time")
                and call != "time"
            }
            assert not read, f"{path} reads {read}"


def test_only_the_sender_speaks_to_people() -> None:
    """A message that a handler sends by itself would be lost by a restart, or sent twice."""
    speaking = ("send_", "edit_", "reply_", "answer_", "delete_message", "pin_", "forward_to")
    for folder in ("handlers", "actions"):
        for path in modules_of(folder):
            said = [
                call
                for call in called_in(path)
                if "." in call and call.split(".")[-1].startswith(speaking)
            ]
            ours = [call for call in said if call.split(".")[0] in ("desk", "self")]
            assert said == ours, f"{path} says {said}"


def test_every_module_opens_with_one_sentence_that_says_what_it_holds() -> None:
    edges = [ROOT / f"{edge}.py" for edge in EDGES]
    for path in [*edges, *(each for folder in OUTSIDE for each in modules_of(folder))]:
        said = ast.get_docstring(parsed(path)) or ""
        assert said.split("\n\n")[0].strip().endswith("."), path

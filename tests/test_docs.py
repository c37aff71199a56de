"""The documents speak of what is there: commands, files, names, sentences, pictures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from bot import app
from flows.commands import COMMANDS
from flows.texts import load_texts
from tests.flows.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
MANUALS = ("docs/operating.md", "docs/operating.zh-CN.md")
GUIDES = (*READMES, *MANUALS, "CONTRIBUTING.md")
DECISIONS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/decisions/*.md"))
DOCUMENTS = (*GUIDES, "CHANGELOG.md", "docs/templates.md", *DECISIONS)
MADE_LATER = (
    re.compile(r"out/.+|.*\.sqlite(\..+|-wal)?|diaodu\.env"),
    re.compile(r"docs/benchmarks\.md"),  # `make bench` writes it
)
FOREIGN = {"getUpdates", "sendMessage", "trust_env", "server_default", "resource"} | {
    "since",
    "at",
    "rate",
    "risk",
}
"""Names that are Telegram's, a library's or an example's."""


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def prose(document: str) -> str:
    """Without the blocks of commands."""
    return re.sub(r"^ *```.*?^ *```", "", read(document), flags=re.DOTALL | re.MULTILINE)


def quoted(document: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(document))


def command_line() -> Iterator[str]:
    """Every command as it is typed, such as `people list`."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # a group has commands
        inner = getattr(command, "commands", None)
        yield from (f"{name} {each}" for each in inner) if inner else (name,)


@pytest.mark.parametrize("readme", READMES)
def test_a_newcomer_finds_every_command_of_the_chat(readme: str) -> None:
    said, chinese = read(readme), load_texts("zh-CN")
    for command in COMMANDS:
        assert re.search(rf"`/{command.name}\b", said), command.name
        assert chinese.plain(f"commands.{command.name}.words").split()[0] in said, command.name


@pytest.mark.parametrize("readme", READMES)
def test_a_newcomer_finds_every_command_of_the_command_line(readme: str) -> None:
    said = read(readme)
    assert [each for each in command_line() if not re.search(rf"`{each}[ `]", said)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_is_there(document: str) -> None:
    for name in quoted(document):
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?(\*)?", name) or not _is_path(name):
            continue
        if any(pattern.fullmatch(name) for pattern in MADE_LATER):
            continue
        folders = (".", "rules", "flows/texts/zh-CN", "reports/templates")
        places = ((ROOT / document).parent, *(ROOT / folder for folder in folders))
        assert any(list(place.glob(name.rstrip("/"))) for place in places), name


def _is_path(name: str) -> bool:
    return "/" in name or name.endswith((".py", ".md", ".toml", ".lock", ".json"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", read(document)) + re.findall(
        r'src="([^"]+)"', read(document)
    )
    for link in links:
        if link.startswith("https://"):
            continue
        assert ((ROOT / document).parent / link).exists(), link


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", *DECISIONS])
def test_every_name_of_the_code_is_in_the_code(document: str) -> None:
    code = _code()
    for name in quoted(document):
        if not re.fullmatch(r"[A-Za-z_][\w.]*(\(…?\))?", name) or _is_path(name):
            continue
        word = re.findall(r"\w+", name)[-1]
        assert word in FOREIGN or re.search(rf"\b{word}\b", code), name


def _code() -> str:
    folders = ("rules", "flows", "ledger", "models", "reports", "actions", "handlers", "gateway")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    files += [ROOT / name for name in ("config.toml", "config.py", "service.py", "bot.py")]
    files += [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    known = {".py", ".toml", ".html"}
    return "\n".join(path.read_text("utf-8") for path in files if path.suffix in known)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_of_make_is_there(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    # `make …` in backticks or at the start of a command, not in a sentence.
    assert set(re.findall(r"(?:`|^ *)make ([a-z]+)", read(document), re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_names_a_place_on_somebodys_machine(document: str) -> None:
    places = r"(?<![\w%~.])/(?:root|home|work|tmp|usr|opt|srv|var|etc|Users|mnt)\b"
    assert not re.search(places, read(document))


@pytest.mark.parametrize("pair", [READMES, MANUALS])
def test_both_languages_tell_the_same(pair: tuple[str, str]) -> None:
    english, chinese = map(read, pair)
    for pattern in (r"^#+ ", r"^```", r"^\d\. ", r"^\| ", r"^- "):
        counts = [len(re.findall(pattern, said, re.MULTILINE)) for said in (english, chinese)]
        assert counts[0] == counts[1], pattern
    shown = [set(re.findall(r"docs/pictures/\w+\.png", said)) for said in (english, chinese)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("manual", MANUALS)
def test_the_sentences_that_the_operator_reads_are_those_that_the_bot_says(manual: str) -> None:
    texts = load_texts("zh-CN")
    said = "\n".join(sentences("zh-CN").values())
    telling = "\n".join(re.findall(r"^\| (?:It|它).*?\n\n", read(manual), re.M | re.S))
    rows = re.findall(r"^\| ([^|]*[一-鿿][^|]*) \|", telling, re.MULTILINE)
    assert len(rows) > 15
    for row in rows:
        for fragment in re.findall(r"[一-鿿]{3,}", row):
            assert fragment in said, fragment
    for key in ("button_there", "button_again", "button_drop"):
        assert f"**{texts.plain(f'troubles.{key}')}**" in read(manual)


def test_pictures_stay_small() -> None:
    for path in (ROOT / "docs" / "pictures").glob("*.png"):
        assert path.stat().st_size < 300_000, path.name

"""Where the code says a sentence: its key or keys, the facts it hands over, HTML or plain."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flows.commands import COMMANDS
from rules.terms import Duty

ROOT = Path(__file__).parents[2]
FOLDERS = ("actions", "flows", "gateway", "handlers", "models", "rules")
SAYING = ("say", "plain", "Refusal", "Unusable", "CardFor", "Phrase", "refuse", "note_trouble")
AUDITED = ("record", "note_trouble", "Due")
"""Their words look like keys and are none: audit lines and the names of occasions."""

ASKED_OTHERWISE = ("troubles.held", "troubles.expired")
"""Kinds of trouble that are told with a card of their own."""

AT_RUN_TIME: Mapping[str, Iterable[str]] = {
    "commands": [command.name for command in COMMANDS],
    "leave": ("who", "deputy"),
    "remark": ("return", "remark", "note"),
    "reminder": ("reminder", "nudge", "closed"),
    "rollcall": (
        "is_missing",
        "has_draft",
        "on_leave",
        "deputised",
        "not_joined",
        "is_blocked",
        "nobody",
    ),
    "status": tuple(Duty),
}
"""By area, what the star can be where it is the first word behind the area."""


@dataclass(frozen=True, slots=True)
class Call:
    """`keys` may hold a `*` for what is only known at run time; `facts` is None if unknown."""

    where: str
    way: str
    keys: tuple[str, ...]
    facts: frozenset[str] | None


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Every module that may speak to a person, by its path."""
    paths = sorted(ROOT.glob("*.py"))
    for folder in FOLDERS:
        paths += sorted((ROOT / folder).rglob("*.py"))
    return tuple(
        (str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths
    )


@cache
def calls() -> tuple[Call, ...]:
    return tuple(call for where, tree in sources() for call in _calls_in(where, tree))


@cache
def step_keys() -> frozenset[str]:
    """`key=` of the steps: each has its `.ask` and `.line`, some more."""
    return frozenset(
        key
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for given in node.keywords
        if given.arg == "key"
        for key in _words(given.value, node)
    )


@cache
def words_like_keys() -> frozenset[str]:
    """Every string of the code, so that a sentence named in a table or a default counts as used."""
    found: set[str] = set()
    for _, tree in sources():
        audited = {
            id(word)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _name(node.func) in AUDITED
            for argument in node.args
            for word in ast.walk(argument)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in audited:
                found.update(_words(node, tree))
    return frozenset(found)


def is_broad(key: str) -> bool:
    """The star is all that the code says of the sentence's name."""
    return re.fullmatch(r"\w+\.\*(\..*)?", key) is not None


def spelled_out(key: str) -> list[str]:
    if not is_broad(key):
        return [key]
    area = key.split(".")[0]
    return [key.replace("*", word, 1) for word in AT_RUN_TIME.get(area, ())]


def keys_of(call: Call) -> Iterator[str]:
    for key in call.keys:
        if not key.startswith("*") and key not in ASKED_OTHERWISE:
            yield from spelled_out(key)


def _calls_in(where: str, tree: ast.Module) -> Iterator[Call]:
    for within, node in _with_function(tree, tree):
        way = _name(node.func)
        if way not in SAYING:
            continue
        keys = tuple(_keys(way, node, within))
        if keys:
            yield Call(f"{where}:{node.lineno}", way, keys, _facts(way, node))


def _with_function(node: ast.AST, within: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the innermost function around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield within, child
        inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else within
        yield from _with_function(child, inner)


def _keys(way: str, node: ast.Call, within: ast.AST) -> Iterator[str]:
    if way == "note_trouble":
        for kind in _words(node.args[3], within) if len(node.args) > 3 else ():
            yield f"troubles.{kind}"
        for given in node.keywords:
            if given.arg == "cause":
                yield from (f"troubles.cause_{cause}" for cause in _words(given.value, within))
        return
    for argument in node.args[:1] if way != "refuse" else node.args:
        yield from (key for key in _words(argument, within) if "." in key)


def _words(node: ast.expr | ast.AST, within: ast.AST) -> Iterator[str]:
    """The strings an expression can be; a name stands for all that its function gives it."""
    match node:
        case ast.Constant(value=str(words)):
            yield words
        case ast.JoinedStr(values=parts):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts
            )
        case ast.IfExp(body=body, orelse=other):
            yield from _words(body, within)
            yield from _words(other, within)
        case ast.Name(id=name):
            for given in ast.walk(within):
                if isinstance(given, ast.Assign) and name in map(_name, given.targets):
                    yield from _words(given.value, within)


def _facts(way: str, node: ast.Call) -> frozenset[str] | None:
    if way == "refuse":
        return None
    if way == "Phrase":
        return _facts_of_phrase(node)
    names = [given.arg for given in node.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _facts_of_phrase(node: ast.Call) -> frozenset[str] | None:
    if len(node.args) < 2:
        return frozenset()
    given = node.args[1]
    if not isinstance(given, ast.Dict):
        return None
    return frozenset(str(key.value) for key in given.keys if isinstance(key, ast.Constant))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

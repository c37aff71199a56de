"""The two Jinja environments: for the templates of this folder, and for those an office brings."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateSyntaxError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reports.wording import FILTERS

HOUSE_FOLDER = Path(__file__).parent / "templates"
HOUSE_PREFIX = "house"
"""An office's `weekly.html` may say `{% extends "house/weekly.html" %}` and change one block."""

# Nothing that marks words as safe, makes links, or grows a text at will.
_ALLOWED_FILTERS = frozenset(
    {"abs", "batch", "count", "default", "e", "escape", "first", "groupby", "int", "join"}
    | {"last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr"}
    | {"replace", "reverse", "round", "select", "selectattr", "sort", "sum", "title"}
    | {"trim", "unique", "upper"}
)
_ALLOWED_GLOBALS = frozenset({"namespace", "range"})


@cache
def house_environment(language: str) -> Environment:
    """Kept for the life of the process, so that a template is compiled once."""
    environment = Environment(
        loader=_house_loader(language),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS[language])
    return environment


def office_environment(language: str, sources: Mapping[str, str]) -> Environment:
    """For a child process with limits: the sandbox alone is no protection.

    Raises TemplateSyntaxError for a source that cannot be read or switches escaping off.
    """

    def own(name: str) -> tuple[str, str, None] | None:
        return (sources[name], name, None) if name in sources else None

    house = _house_loader(language)
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(own), PrefixLoader({HOUSE_PREFIX: house}), house]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters = {
        name: made for name, made in environment.filters.items() if name in _ALLOWED_FILTERS
    } | dict(FILTERS[language])
    environment.globals = {
        name: made for name, made in environment.globals.items() if name in _ALLOWED_GLOBALS
    }
    for name, source in sources.items():
        _refuse_unescaped(environment, name, source)
    return environment


def _house_loader(language: str) -> BaseLoader:
    return FileSystemLoader(HOUSE_FOLDER / language)


def _refuse_unescaped(environment: Environment, name: str, source: str) -> None:
    tree = environment.parse(source, name, name)
    for node in tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
        raise TemplateSyntaxError("escaping cannot be switched", node.lineno, name, name)

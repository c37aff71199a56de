"""Every sentence for people, by language and area, from the TOML files beside this module."""

import html
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh-CN", "en")
"""The first is the language a sentence is written in first."""


class Html(str):
    """Text that is already safe for Telegram's HTML; everything else is escaped on the way in."""

    __slots__ = ()


class _Filling(string.Formatter):
    def __init__(self, escape: bool) -> None:
        self._escape = escape

    def format_field(self, value: object, format_spec: str) -> str:
        shown = format(value, format_spec)
        if not self._escape or isinstance(value, Html):
            return shown
        return html.escape(shown, quote=False)


_AS_HTML = _Filling(escape=True)
_AS_WORDS = _Filling(escape=False)


class Texts:
    """One language's sentences; a key is `<file>.<path in the file>`, e.g. `report.ask.plan`."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def say(self, key: str, **facts: object) -> Html:
        """The sentence as Telegram HTML; facts are escaped unless they are `Html` themselves."""
        return Html(_AS_HTML.vformat(self._sentences[key], (), facts))

    def plain(self, key: str, **facts: object) -> str:
        """The sentence as plain text, for buttons, pop-ups, files and the terminal."""
        return _AS_WORDS.vformat(self._sentences[key], (), facts)

    def has(self, key: str) -> bool:
        return key in self._sentences

    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def fields(self, key: str) -> frozenset[str]:
        """The names of the facts that the sentence needs."""
        parts = string.Formatter().parse(self._sentences[key])
        return frozenset(name.split(".")[0].split("[")[0] for _, name, _, _ in parts if name)


@cache
def load_texts(language: str) -> Texts:
    """Raises FileNotFoundError for a language that has no folder here."""
    folder = Path(__file__).parent / language
    if not folder.is_dir():
        raise FileNotFoundError(f"no texts for language {language!r}")
    sentences: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        sentences.update(_flattened(tree, path.stem))
    return Texts(language, sentences)


def _flattened(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            yield from _flattened(value, key)
            continue
        if not isinstance(value, str):
            raise ValueError(f"{key} is not a sentence")
        yield key, value

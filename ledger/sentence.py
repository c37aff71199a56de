"""A sentence not yet in any language: the last part of its key in the texts, and its facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """Its text is `ledger.<key>`. A fact may be a sentence itself; amounts are already written."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)

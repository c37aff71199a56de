"""An office whose clock the tests turn, and the ways it starts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.clockwork import Clockwork
from tests.district import Templates

Winds = Callable[..., Clockwork]


@pytest.fixture
def winds(templates: Templates, tmp_path: Path) -> Iterator[Winds]:
    """`office = winds(template="imported", bulletin={"approval": False})`."""
    with ExitStack() as stack:

        def wind(template: str = "at_work", **sections: dict[str, Any]) -> Clockwork:
            made = Clockwork(tmp_path, getattr(templates, template), **sections)
            stack.callback(made.closes)
            return made

        yield wind


@pytest.fixture
def clockwork(winds: Winds) -> Clockwork:
    """At work on a Tuesday morning; the first week closes on Thursday."""
    return winds()

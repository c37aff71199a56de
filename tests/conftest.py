"""What every test may ask for: a small district with its bot, empty, imported or at work."""

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from rehearsal.people import Person
from tests.district import District, Templates
from tests.district_book import APPROVER, HE, LI, OFFICE, RESPONSIBLE, SPONSOR, YANG

# A shared machine is slow now and then; that says nothing about what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

for _name in [name for name in os.environ if name.startswith("DIAODU_")]:
    # The settings of whoever runs the tests are not the tests' settings.
    del os.environ[_name]
# A tick that takes longer than its tenth of a second on a busy machine is no news.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


Opens = Callable[..., Any]


@pytest.fixture
async def opens(templates: Templates, tmp_path: Path) -> AsyncIterator[Opens]:
    """`district = await opens("at_work", week={"asks_money": True})`; closed after the test."""
    async with AsyncExitStack() as stack:

        async def open_one(template: str = "at_work", **wishes: Any) -> District:
            district = District(tmp_path, getattr(templates, template), **wishes)
            return await stack.enter_async_context(district)

        yield open_one


@pytest.fixture
async def empty(opens: Opens) -> District:
    """The first start: no ledger, no people."""
    made: District = await opens("empty")
    return made


@pytest.fixture
async def imported(opens: Opens) -> District:
    """The ledger is in; nobody has joined."""
    made: District = await opens("imported")
    return made


@pytest.fixture
async def district(opens: Opens) -> District:
    """At work on a Tuesday morning: the cast has joined, the week closes on Thursday."""
    made: District = await opens("at_work")
    return made


@pytest.fixture
async def kong(district: District) -> Person:
    """孔令辉煌 of the dispatch office."""
    return await district.person(OFFICE)


@pytest.fixture
async def meng(district: District) -> Person:
    """孟庆东方, who approves the bulletin."""
    return await district.person(APPROVER)


@pytest.fixture
async def cheng(district: District) -> Person:
    """程子涵, sponsor leader."""
    return await district.person(SPONSOR)


@pytest.fixture
async def zhou(district: District) -> Person:
    """周建国, responsible for what 李敏 and 杨伟 report."""
    return await district.person(RESPONSIBLE)


@pytest.fixture
async def li(district: District) -> Person:
    """李敏, who reports for three projects."""
    return await district.person(LI)


@pytest.fixture
async def yang(district: District) -> Person:
    """杨伟, who reports for one project."""
    return await district.person(YANG)


@pytest.fixture
async def he(district: District) -> Person:
    """何静, who reports for one project of another unit."""
    return await district.person(HE)

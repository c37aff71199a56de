"""Frozen facts come back exactly as they went, and a changed one shows."""

import json
from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.weekly import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts
from rules.weekly_record import fingerprint, from_json, short_code, to_json
from tests.weekly_district import FROZEN_AT, small_week

_MONEY = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
_FACTS = st.builds(
    WeeklyFacts,
    first_on=st.just(date(2024, 10, 18)),
    last_on=st.just(date(2024, 10, 24)),
    frozen_at=st.datetimes(
        timezones=st.integers(-12, 14).map(lambda h: timezone(timedelta(hours=h)))
    ),
    projects=st.lists(st.builds(ProjectLine, invested=_MONEY), max_size=2).map(tuple),
    milestones=st.lists(st.builds(MilestoneLine), max_size=2).map(tuple),
    obstacles=st.lists(st.builds(ObstacleLine), max_size=2).map(tuple),
)


@given(_FACTS)
def test_whatever_was_frozen_comes_back(facts: WeeklyFacts) -> None:
    record = to_json(facts)
    again = from_json(record)
    assert again == facts
    assert to_json(again) == record


def test_the_small_week_comes_back_equal() -> None:
    assert from_json(to_json(small_week())) == small_week()


def test_one_changed_word_changes_the_fingerprint() -> None:
    facts = small_week()
    changed = facts.projects[0]._replace(progress="主体封顶!")
    other = replace(facts, projects=(changed, *facts.projects[1:]))
    assert fingerprint(to_json(facts)) == fingerprint(to_json(small_week()))
    assert fingerprint(to_json(facts)) != fingerprint(to_json(other))


def test_a_record_from_before_a_column_existed_is_still_read() -> None:
    tree = json.loads(to_json(small_week()))
    at = tree["projects"]["columns"].index("late_done")
    for row in [tree["projects"]["columns"], *tree["projects"]["rows"]]:
        del row[at]
    read = from_json(json.dumps(tree))
    assert [line.late_done for line in read.projects] == [""] * len(read.projects)


def test_a_record_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form"):
        from_json('{"form": 2}')


def test_the_short_code_names_the_week_and_the_facts() -> None:
    assert short_code("2024-W43", "a7f2" * 16) == "2024W43·A7F2"
    assert short_code("2024-W43", "") == "2024W43"


def test_a_moment_without_a_zone_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(small_week(), frozen_at=FROZEN_AT.replace(tzinfo=None))

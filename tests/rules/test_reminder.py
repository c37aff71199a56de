"""Whom a reminder reaches, what it names, and when it has to wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.reminder import (
    Answering,
    Owing,
    Quiet,
    Reachable,
    is_capped,
    owings,
    unanswered,
    who_answers,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")

WANG, LI, ZHAO, SUN, CHEN = 1, 2, 3, 4, 5
HERE = Reachable(joined=True)
NOT_JOINED = Reachable(joined=False)


def at(words: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


def test_the_night_is_quiet_from_nine_to_eight() -> None:
    quiet = Quiet()
    assert quiet.is_quiet(at("2024-10-23 21:00"))
    assert quiet.is_quiet(at("2024-10-24 00:00"))
    assert quiet.is_quiet(at("2024-10-24 07:59:59"))
    assert not quiet.is_quiet(at("2024-10-24 08:00"))
    assert not quiet.is_quiet(at("2024-10-23 20:59:59"))


def test_a_reminder_at_night_waits_for_eight_in_the_morning() -> None:
    quiet = Quiet()
    assert quiet.quiet_ends(at("2024-10-23 22:15")) == at("2024-10-24 08:00")
    assert quiet.quiet_ends(at("2024-10-24 03:00")) == at("2024-10-24 08:00")
    assert quiet.quiet_ends(at("2024-10-24 10:00")) == at("2024-10-24 10:00")


def test_a_noon_rest_does_not_span_midnight() -> None:
    rest = Quiet(time(12), time(14))
    assert rest.is_quiet(at("2024-10-24 13:00"))
    assert not rest.is_quiet(at("2024-10-24 02:00"))
    assert rest.quiet_ends(at("2024-10-24 12:00")) == at("2024-10-24 14:00")


def test_equal_times_mean_no_quiet_hours() -> None:
    assert not any(Quiet(time(8), time(8)).is_quiet(at(f"2024-10-24 {h:02}:00")) for h in range(24))


def test_an_hour_that_comes_twice_does_not_end_the_night_in_the_past() -> None:
    quiet = Quiet(time(21), time(2, 30))
    second_pass = datetime(2024, 10, 27, 1, 10, tzinfo=UTC).astimezone(BERLIN)
    assert second_pass.time() == time(2, 10)
    assert quiet.quiet_ends(second_pass).astimezone(UTC) == datetime(
        2024, 10, 27, 1, 30, tzinfo=UTC
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Quiet().quiet_ends(datetime(2024, 10, 24, 22))  # noqa: DTZ001


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(
    TIMES,
    TIMES,
    st.timedeltas(timedelta(), timedelta(days=400)),
    st.sampled_from([SHANGHAI, BERLIN]),
)
def test_quiet_hours_always_end_within_a_day_and_outside_themselves(
    from_: time, until: time, after: timedelta, zone: ZoneInfo
) -> None:
    quiet = Quiet(from_, until)
    now = (datetime(2024, 1, 1, tzinfo=UTC) + after).astimezone(zone)
    ends = quiet.quiet_ends(now).astimezone(UTC)
    assert now.astimezone(UTC) <= ends <= now.astimezone(UTC) + timedelta(hours=25)
    if zone is SHANGHAI:
        assert not quiet.is_quiet(ends.astimezone(zone))
        assert quiet.is_quiet(now) is (ends > now.astimezone(UTC))


def test_the_first_contact_answers_for_a_project() -> None:
    project = Answering(10, contacts=(WANG, LI), responsible=(ZHAO,))
    assert who_answers(project, {WANG: HERE, LI: HERE, ZHAO: HERE}) == WANG


def test_the_responsible_person_answers_when_no_contact_has_joined() -> None:
    project = Answering(10, contacts=(WANG, LI), responsible=(ZHAO,))
    assert who_answers(project, {WANG: NOT_JOINED, ZHAO: HERE}) == ZHAO


def test_a_deputy_stands_in_for_somebody_on_leave() -> None:
    project = Answering(10, contacts=(WANG,), responsible=(ZHAO,))
    away = Reachable(joined=True, on_leave=True, deputy_id=SUN)
    assert who_answers(project, {WANG: away, SUN: HERE, ZHAO: HERE}) == SUN


def test_a_deputy_stands_in_even_for_somebody_who_never_joined() -> None:
    away = Reachable(joined=False, on_leave=True, deputy_id=SUN)
    assert who_answers(Answering(10, (WANG,), ()), {WANG: away, SUN: HERE}) == SUN


@pytest.mark.parametrize(
    "deputy",
    [
        None,
        NOT_JOINED,
        Reachable(joined=True, on_leave=True),
        Reachable(joined=True, on_leave=True, deputy_id=CHEN),
        Reachable(joined=True, on_leave=True, deputy_id=WANG),
    ],
)
def test_a_deputy_who_is_not_there_is_passed_over(deputy: Reachable | None) -> None:
    people = {WANG: Reachable(joined=True, on_leave=True, deputy_id=SUN), ZHAO: HERE, CHEN: HERE}
    if deputy is not None:
        people[SUN] = deputy
    assert who_answers(Answering(10, (WANG,), (ZHAO,)), people) == ZHAO
    assert who_answers(Answering(10, (WANG,), ()), people) is None


def test_somebody_named_as_their_own_deputy_is_still_on_leave() -> None:
    people = {WANG: Reachable(joined=True, on_leave=True, deputy_id=WANG)}
    assert who_answers(Answering(10, (WANG,), ()), people) is None


def test_one_person_gets_one_list_of_all_they_owe() -> None:
    projects = (
        Answering(10, (WANG,), ()),
        Answering(11, (LI,), ()),
        Answering(12, (), (WANG,)),
        Answering(10, (WANG,), ()),
        Answering(13, (ZHAO,), ()),
    )
    people = {WANG: HERE, LI: HERE, ZHAO: NOT_JOINED}
    assert owings(projects, people) == (Owing(WANG, (10, 12)), Owing(LI, (11,)))
    assert unanswered(projects, people) == (13,)


def test_a_cap_counts_what_was_already_sent() -> None:
    assert not is_capped(1, 2)
    assert is_capped(2, 2)
    assert is_capped(0, 0)


IDS = st.integers(1, 6)
PEOPLE = st.dictionaries(
    IDS, st.builds(Reachable, st.booleans(), st.booleans(), st.none() | IDS), max_size=6
)
PROJECTS = st.lists(
    st.builds(
        Answering,
        st.integers(1, 9),
        st.lists(IDS, max_size=3).map(tuple),
        st.lists(IDS, max_size=3).map(tuple),
    ),
    unique_by=lambda project: project.project_id,
)


@given(PROJECTS, PEOPLE)
def test_every_project_is_asked_about_once_or_listed_as_unanswered(
    projects: list[Answering], people: dict[int, Reachable]
) -> None:
    asked = [project_id for owing in owings(projects, people) for project_id in owing.project_ids]
    silent = unanswered(projects, people)
    assert sorted([*asked, *silent]) == sorted(project.project_id for project in projects)


@given(PROJECTS, PEOPLE)
def test_nobody_is_written_to_who_has_not_joined_or_is_away(
    projects: list[Answering], people: dict[int, Reachable]
) -> None:
    for owing in owings(projects, people):
        assert people[owing.person_id].joined
        assert not people[owing.person_id].on_leave

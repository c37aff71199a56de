"""Who may do what in the office, and where a second person is needed."""

import pytest

from rules.rights import RIGHTS, Right, may, may_after
from rules.terms import Role

OFFICE = frozenset({Role.OFFICE})
APPROVER = frozenset({Role.APPROVER})
REPORTER = frozenset({Role.REPORTER})
SPONSOR = frozenset({Role.SPONSOR})
STRANGER: frozenset[Role] = frozenset()


@pytest.mark.parametrize("right", Right)
def test_a_stranger_may_do_nothing(right: Right) -> None:
    assert not may(STRANGER, right)


@pytest.mark.parametrize("right", Right)
def test_the_office_may_do_everything_but_approve(right: Right) -> None:
    assert may(OFFICE, right) is (right is not Right.APPROVE_BULLETIN)


def test_a_reporter_reports_and_sees_their_own_and_no_more() -> None:
    held = {right for right in Right if may(REPORTER, right)}
    assert held == {Right.REPORT, Right.SEE_OWN_PROJECTS}


def test_a_sponsor_sees_and_calls_the_roll_of_their_own_and_no_more() -> None:
    held = {right for right in Right if may(SPONSOR, right)}
    assert held == {Right.SEE_OWN_PROJECTS, Right.ROLLCALL_OWN}


def test_an_approver_approves_confirms_and_sees_all_but_changes_nothing() -> None:
    held = {right for right in Right if may(APPROVER, right)}
    assert held == {
        Right.APPROVE_BULLETIN,
        Right.CONFIRM_GROUP,
        Right.SEE_OWN_PROJECTS,
        Right.SEE_ALL_PROJECTS,
        Right.ROLLCALL,
        Right.ROLLCALL_OWN,
    }


@pytest.mark.parametrize("right", Right)
def test_two_roles_give_the_rights_of_both_and_nothing_new(right: Right) -> None:
    both = REPORTER | APPROVER
    assert may(both, right) is (may(REPORTER, right) or may(APPROVER, right))


def test_every_role_stands_in_the_table_and_every_right_is_someones() -> None:
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)


def test_a_group_is_confirmed_by_another_hand_than_the_one_that_bound_it() -> None:
    assert not may_after(OFFICE, Right.CONFIRM_GROUP, person_id=1, first_person_id=1)
    assert may_after(OFFICE, Right.CONFIRM_GROUP, person_id=2, first_person_id=1)
    assert not may_after(REPORTER, Right.CONFIRM_GROUP, person_id=2, first_person_id=1)


def test_nobody_approves_words_they_wrote_themselves() -> None:
    both = OFFICE | APPROVER
    assert not may_after(both, Right.APPROVE_BULLETIN, person_id=1, first_person_id=1)
    assert may_after(both, Right.APPROVE_BULLETIN, person_id=1, first_person_id=None)
    assert not may_after(OFFICE, Right.APPROVE_BULLETIN, person_id=2, first_person_id=None)


def test_ordinary_rights_need_no_second_hand() -> None:
    assert may_after(OFFICE, Right.NUDGE, person_id=1, first_person_id=1)

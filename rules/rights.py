"""Who may do what: one table from roles to rights."""

from collections.abc import Mapping
from enum import StrEnum

from rules.terms import Role


class Right(StrEnum):
    """Something a person may or may not do; `own` means projects the person is tied to."""

    REPORT = "report"
    REPORT_FOR_OTHERS = "report_for_others"
    SEE_OWN_PROJECTS = "see_own_projects"
    SEE_ALL_PROJECTS = "see_all_projects"
    ROLLCALL = "rollcall"
    ROLLCALL_OWN = "rollcall_own"
    NUDGE = "nudge"
    IMPORT = "import"
    EXPORT = "export"
    INVITE = "invite"
    SEE_PEOPLE = "see_people"
    CHANGE_ROLES = "change_roles"
    SET_LEAVE = "set_leave"
    EDIT_BULLETIN = "edit_bulletin"
    APPROVE_BULLETIN = "approve_bulletin"
    BIND_GROUP = "bind_group"
    CONFIRM_GROUP = "confirm_group"
    CHANGE_PHASE = "change_phase"
    SEE_FINDINGS = "see_findings"


_OWN = frozenset({Right.SEE_OWN_PROJECTS, Right.ROLLCALL_OWN})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OFFICE: frozenset(Right) - {Right.APPROVE_BULLETIN},
    Role.APPROVER: _OWN
    | {
        Right.SEE_ALL_PROJECTS,
        Right.ROLLCALL,
        Right.APPROVE_BULLETIN,
        Right.CONFIRM_GROUP,
    },
    Role.REPORTER: frozenset({Right.REPORT, Right.SEE_OWN_PROJECTS}),
    Role.SPONSOR: _OWN,
}

SECOND_HAND = frozenset({Right.CONFIRM_GROUP, Right.APPROVE_BULLETIN})
"""Nobody may do these to their own first step: the group they bound, the words they wrote."""


def may(roles: frozenset[Role], right: Right) -> bool:
    """A person without a role may do nothing."""
    return any(right in RIGHTS[role] for role in roles)


def may_after(
    roles: frozenset[Role], right: Right, person_id: int, first_person_id: int | None
) -> bool:
    """`may`, and another hand than the first where the right asks for one.

    `first_person_id` bound the group or wrote the bulletin's words; None when the bot did.
    """
    if right in SECOND_HAND and person_id == first_person_id:
        return False
    return may(roles, right)

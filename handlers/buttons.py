"""Buttons: the signature is checked, then the area of the verb decides which action it means."""

from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from actions import approval, groups, leave, leaving, report, rollcall, status, troubles
from actions.desk import Desk
from actions.files import send_invitation_file, send_invitation_list, send_people_file
from actions.invitations import invite_menu
from actions.join import claim_as
from actions.people import Sayer, sayer_of
from actions.person_card import ask_leaving, give_link, leave_post, person_card
from actions.pressed import id_in, project_and_phase, week_in
from actions.reception import receive, set_language
from actions.remark import open_remark
from flows.card import Card
from handlers import documents
from handlers.visit import visit
from rules.button import Press, unpack
from rules.refusal import Refusal
from rules.tidy import tidy

Pressed = Callable[[Desk, Sayer, Press, int], Card | None]


async def on_press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Forged, foreign and outdated data get the same sentence and no effect."""
    query = update.callback_query
    assert query is not None
    account = query.from_user.id
    message = query.message
    chat_id = message.chat.id if message is not None else account
    message_id = message.message_id if message is not None else 0
    here = visit()
    here.press_id = query.id
    press = unpack(here.door.office.button_keys, chat_id, query.data or "")
    if press is None or chat_id != account:
        await here.act(account, _unknown)
        return
    if press.verb in ("l.ok", "l.no"):
        await documents.on_press(account, press, message_id)
        return
    shown_name = tidy(query.from_user.full_name)[:40]
    await here.act(account, _pressed, account, press, message_id, shown_name)


def _unknown(desk: Desk) -> None:
    raise Refusal("talk.moved_on")


def _pressed(desk: Desk, account: int, press: Press, message_id: int, shown_name: str) -> None:
    if press.verb == "join.as" and sayer_of(desk.tx, account) is None:
        invitation_id, _, person_id = press.thing.partition(".")
        claim_as(desk, account, id_in(invitation_id), id_in(person_id), shown_name)
        return
    handle = BUTTONS.get(press.verb) or BUTTONS.get(press.verb.split(".")[0])
    if handle is None:
        raise Refusal("talk.moved_on")
    receive(desk, account, handle, press, message_id, message_id=message_id)


def _roll(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    words, _, page = press.thing.partition(".")
    period = week_in(words)
    match press.verb:
        case "rc.show":
            return rollcall.show_rollcall(desk, sayer, period)
        case "rc.for":
            return rollcall.choose_for(desk, sayer, period, id_in(page))
        case "rc.file":
            rollcall.give_roll_file(desk, sayer, period)
            return None
    rollcall.nudge_missing(desk, sayer, period)
    return None


def _bulletin(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    bulletin_id = id_in(press.thing)
    match press.verb:
        case "b.ok":
            approval.approve(desk, sayer, bulletin_id, press.rev, message_id)
        case "b.back":
            open_remark(desk, sayer, bulletin_id, press.rev, "return")
        case "b.remark" | "b.note":
            open_remark(desk, sayer, bulletin_id, press.rev, press.verb[2:])
        case "b.fresh" | "b.again":
            is_fresh = press.verb == "b.fresh"
            return approval.resubmit(desk, sayer, bulletin_id, press.rev, is_fresh=is_fresh)
        case "b.drop":
            return approval.drop_bulletin(desk, sayer, bulletin_id, press.rev)
        case "b.draft":
            return approval.draft_now(desk, sayer, bulletin_id)
        case "b.post":
            return approval.post_now(desk, sayer, bulletin_id)
    return None


def _group(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    group_id = id_in(press.thing)
    if press.verb == "g.off":
        return groups.unbind(desk, sayer, group_id, press.rev)
    is_yes = press.verb == "g.ok"
    return groups.decide_binding(desk, sayer, group_id, press.rev, is_yes=is_yes)


def _status(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    match press.verb:
        case "s.phase":
            return status.choose_phase(desk, sayer, id_in(press.thing))
        case "s.set":
            return status.set_phase(desk, sayer, *project_and_phase(press.thing))
    return status.project_card(desk, sayer, id_in(press.thing))


def _invite(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    match press.verb:
        case "inv.list":
            return send_invitation_list(desk, sayer)
        case "inv.unit":
            return send_invitation_list(desk, sayer, id_in(press.thing))
        case "inv.file":
            return send_invitation_file(desk, sayer)
    return invite_menu(desk, sayer)


def _person(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    act = {"ppl.link": give_link, "ppl.leave": ask_leaving, "ppl.left": leave_post}
    return act.get(press.verb, person_card)(desk, sayer, id_in(press.thing))


def _leave(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> Card | None:
    if press.verb == "lv.end":
        return leave.end_leave(desk, sayer, id_in(press.thing))
    leave.start_leave(desk, sayer, message_id)
    return None


def _report(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> None:
    report.press_report(desk, sayer, press, message_id)


BUTTONS: dict[str, Pressed] = {
    "r": _report,
    "rc": _roll,
    "b": _bulletin,
    "g": _group,
    "s": _status,
    "inv": _invite,
    "lv": _leave,
    "lg.ask": lambda desk, sayer, press, _: leaving.start_leaving(desk, sayer, press.thing),
    "lang": lambda desk, sayer, press, _: set_language(desk, sayer, press.thing),
    "o": lambda desk, sayer, press, _: troubles.decide_held(
        desk, sayer, id_in(press.thing), press.verb
    ),
    "ppl": _person,
    "ppl.file": lambda desk, sayer, press, _: send_people_file(desk, sayer),
}


def areas() -> Any:
    """The areas of verbs that lead somewhere: every button that is shown belongs to one."""
    return frozenset(BUTTONS)

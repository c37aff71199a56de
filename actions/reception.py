"""The front desk: whoever comes in is known or a stranger, and words find their action."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actions.approval import show_bulletin
from actions.desk import Desk
from actions.drafts import live_draft
from actions.groups import show_groups
from actions.invitations import invite_menu
from actions.join import give_menu, greet_stranger
from actions.leave import open_leave
from actions.ledger_talk import how_to_import, send_export
from actions.one_message import hear_one_message
from actions.people import Sayer, choose_language, sayer_of, show_people
from actions.person_card import find_person, invite_person
from actions.photos import add_photo
from actions.report import open_reports
from actions.rollcall import show_rollcall
from actions.status import find_project, show_mine
from actions.talk import act, hear_edit, hear_nothing, hear_words
from flows.card import Button, Card
from flows.commands import command_of, menu
from flows.keyboard import DROP
from flows.texts import LANGUAGES, Html
from rules.button import Press
from rules.refusal import Refusal
from rules.tidy import tidy

Act = Callable[..., Card | None]


def receive(desk: Desk, account: int, act: Act, *args: Any, message_id: int = 0) -> Any:
    """Run an action for a known person and show the card it returns; strangers stop here."""
    sayer = sayer_of(desk.tx, account)
    if sayer is None:
        return greet_stranger(desk, account)
    done = act(desk, sayer, *args)
    if not isinstance(done, Card):
        return done
    if message_id:
        desk.edit(account, done, message_id=message_id)
    else:
        desk.send(account, done)
    return None


def tell_refusal(desk: Desk, account: int, refusal: Refusal, *, is_press: bool) -> None:
    """What a rule refused, in one sentence: a pop-up after a press, else a message."""
    sayer = sayer_of(desk.tx, account)
    texts = desk.texts(sayer.language if sayer else "")
    if is_press:
        desk.pop(texts.plain(refusal.key, **refusal.facts), is_alert=True)
        return
    desk.send(account, texts.say(refusal.key, **refusal.facts))


def command(desk: Desk, sayer: Sayer, name: str, rest: str) -> Card | None:
    """A command of the private chat, as `/name rest` or as its Chinese word."""
    simple: dict[str, Callable[[Desk, Sayer], Card | None]] = {
        "report": open_reports,
        "mine": show_mine,
        "rollcall": show_rollcall,
        "bulletin": show_bulletin,
        "people": show_people,
        "invite": invite_menu,
        "leave": open_leave,
        "groups": show_groups,
        "ledger": how_to_import,
        "export": send_export,
        "help": show_help,
        "cancel": cancel,
        "language": ask_language,
    }
    about: dict[str, Callable[[Desk, Sayer, str], Card | None]] = {
        "people": find_person,
        "invite": invite_person,
    }
    if name in about and rest:
        return about[name](desk, sayer, rest)
    if name in simple:
        return simple[name](desk, sayer)
    if name == "status":
        return find_project(desk, sayer, rest)
    if name == "bind":
        raise Refusal("groups.bind_in_group")
    raise Refusal("talk.not_understood")


def show_help(desk: Desk, sayer: Sayer) -> Card:
    texts = desk.texts(sayer.language)
    lines = [texts.say("help.title", office=desk.office.name)]
    lines += [
        texts.say(
            "help.line",
            command=each.name,
            words=texts.plain(f"commands.{each.name}.words").split()[0],
            menu=texts.plain(f"commands.{each.name}.menu"),
        )
        for each in menu(sayer.roles)
    ]
    lines.append(texts.say("help.one_message"))
    return Card(Html("\n".join(lines)))


def cancel(desk: Desk, sayer: Sayer) -> Card | None:
    draft = live_draft(desk.tx, sayer.id)
    if draft is None:
        return Card(desk.texts(sayer.language).say("talk.nothing_to_cancel"))
    act(desk, sayer, draft, Press(DROP, "", draft.rev))
    return None


def ask_language(desk: Desk, sayer: Sayer) -> Card:
    texts = desk.texts(sayer.language)
    buttons = tuple(
        Button(desk.texts(code).plain("people.language_name"), "lang", code) for code in LANGUAGES
    )
    return Card(texts.say("people.language_ask"), (buttons,))


def set_language(desk: Desk, sayer: Sayer, code: str) -> Card:
    if code not in LANGUAGES:
        raise Refusal("talk.moved_on")
    card = choose_language(desk, sayer, code)
    give_menu(desk, replace(sayer, language=code))
    return card


def hear(desk: Desk, sayer: Sayer, words: str, message_id: int) -> Card | None:
    """Plain words: a command's name, an answer, a whole report, or nothing that is understood."""
    clean = tidy(words)
    draft = live_draft(desk.tx, sayer.id)
    named = command_of(clean)
    # In a conversation an answer may begin with such a word; only the bare word leaves it.
    if named is not None and (draft is None or not named[1]):
        return command(desk, sayer, *named)
    if hear_one_message(desk, sayer, clean, is_talking=draft is not None):
        return None
    if draft is not None:
        hear_words(desk, sayer, draft, words, message_id)
        return None
    raise Refusal("talk.not_understood")


def hear_edited(desk: Desk, sayer: Sayer, words: str, message_id: int) -> None:
    """An edit that corrects nothing we know stays without an answer."""
    hear_edit(desk, sayer, words, message_id)


def hear_photo(desk: Desk, sayer: Sayer, file_id: str, unique_id: str, caption: str) -> None:
    if not add_photo(desk, sayer, file_id, unique_id, has_caption=bool(tidy(caption))):
        raise Refusal("talk.photo_without_report")


def hear_other(desk: Desk, sayer: Sayer) -> None:
    """A voice message, a sticker, a place: words are wanted."""
    if not hear_nothing(desk, sayer):
        raise Refusal("talk.words_only")


def refuse(desk: Desk, sayer: Sayer, key: str) -> None:
    raise Refusal(key)

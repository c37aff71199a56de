"""answerCallbackQuery: the small notice a person sees after pressing a button."""

from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.refusals import STALE_QUERY, bad_request
from rehearsal.stage.updates import QUERY_LIFE
from rehearsal.stage.world import World

MOST_TEXT = 200


def answer_callback_query(world: World, given: Parameters) -> bool:
    press = world.presses.get(given.text("callback_query_id"))
    is_stale = press is None or world.clock.now() - press.at > QUERY_LIFE
    if press is None or is_stale or press.is_answered:
        raise bad_request(STALE_QUERY)
    if len(given.text("text")) > MOST_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    press.is_answered = True
    del world.presses[press.id]
    popup = {
        "callback_query_id": press.id,
        "chat_id": press.message.chat.id,
        "message_id": press.message.id,
        "text": given.text("text"),
        "is_alert": given.flag("show_alert"),
        "url": given.text("url"),
        "at": world.clock.now(),
    }
    chat_id = press.message.chat.id
    popup["sequence"] = world.changes.add(
        ChangeKind.POPUP, chat_id=chat_id, person_id=press.person.id
    )
    press.person.popups.append(popup)
    return True

"""The published parameters of every method the rehearsal knows; `!` marks the required ones."""

from dataclasses import dataclass
from typing import Any

from rehearsal.bot_side.parameters import Parameters

_CHAT = "business_connection_id:str chat_id!:chat message_thread_id:int"
_SENT = (
    "direct_messages_topic_id:int disable_notification:bool protect_content:bool"
    " allow_paid_broadcast:bool message_effect_id:str suggested_post_parameters:json"
    " reply_parameters:json reply_markup:json"
)
_CAPTION = "caption:str parse_mode:str caption_entities:json"
_EDITED = (
    "business_connection_id:str chat_id:chat message_id:int inline_message_id:str reply_markup:json"
)
_TOPIC = "chat_id!:chat message_thread_id!:int"

_WRITTEN = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:json",
    "setWebhook": (
        "url!:str certificate:file ip_address:str max_connections:int allowed_updates:json"
        " drop_pending_updates:bool secret_token:str"
    ),
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": (
        f"{_CHAT} text!:str parse_mode:str entities:json link_preview_options:json {_SENT}"
    ),
    "sendPhoto": (
        f"{_CHAT} photo!:file {_CAPTION} show_caption_above_media:bool has_spoiler:bool {_SENT}"
    ),
    "sendDocument": (
        f"{_CHAT} document!:file thumbnail:file {_CAPTION} disable_content_type_detection:bool"
        f" {_SENT}"
    ),
    "sendMediaGroup": (
        f"{_CHAT} direct_messages_topic_id:int media!:json disable_notification:bool"
        " protect_content:bool allow_paid_broadcast:bool message_effect_id:str"
        " reply_parameters:json"
    ),
    "sendChatAction": f"{_CHAT} action!:str",
    "editMessageText": (
        f"{_EDITED} text!:str parse_mode:str entities:json link_preview_options:json"
    ),
    "editMessageCaption": f"{_EDITED} {_CAPTION} show_caption_above_media:bool",
    "editMessageReplyMarkup": _EDITED,
    "deleteMessage": "chat_id!:chat message_id!:int",
    "deleteMessages": "chat_id!:chat message_ids!:json",
    "pinChatMessage": (
        "business_connection_id:str chat_id!:chat message_id!:int disable_notification:bool"
    ),
    "unpinChatMessage": "business_connection_id:str chat_id!:chat message_id:int",
    "unpinAllChatMessages": "chat_id!:chat",
    "answerCallbackQuery": (
        "callback_query_id!:str text:str show_alert:bool url:str cache_time:int"
    ),
    "setMyCommands": "commands!:json scope:json language_code:str",
    "getMyCommands": "scope:json language_code:str",
    "deleteMyCommands": "scope:json language_code:str",
    "setMyName": "name:str language_code:str",
    "getMyName": "language_code:str",
    "setMyDescription": "description:str language_code:str",
    "getMyDescription": "language_code:str",
    "setMyShortDescription": "short_description:str language_code:str",
    "getMyShortDescription": "language_code:str",
    "getChat": "chat_id!:chat",
    "getChatMember": "chat_id!:chat user_id!:int",
    "getChatMemberCount": "chat_id!:chat",
    "getChatAdministrators": "chat_id!:chat return_bots:bool",
    "leaveChat": "chat_id!:chat",
    "getFile": "file_id!:str",
    "createForumTopic": "chat_id!:chat name!:str icon_color:int icon_custom_emoji_id:str",
    "editForumTopic": f"{_TOPIC} name:str icon_custom_emoji_id:str",
    "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC,
    "deleteForumTopic": _TOPIC,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    is_required: bool


def _read(written: str) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for word in written.split():
        name, _, kind = word.partition(":")
        bare = name.removesuffix("!")
        parameters[bare] = Parameter(bare, kind, name.endswith("!"))
    return parameters


CONTRACT = {method: _read(written) for method, written in _WRITTEN.items()}


def violations(method: str, given: Parameters) -> list[str]:
    """Every way in which a call leaves the published contract, in words."""
    known = CONTRACT[method]
    found = [f"unknown parameter {name}" for name in given.values if name not in known]
    for parameter in known.values():
        if not given.has(parameter.name) and parameter.name not in given.uploads:
            if parameter.is_required:
                found.append(f"missing parameter {parameter.name}")
            continue
        value = given.values.get(parameter.name)
        if value is not None and not _fits(value, parameter.kind):
            found.append(f"parameter {parameter.name} is no {parameter.kind}")
    return found


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "int":
            return _is_number(value)
        case "chat":
            return _is_number(value) or str(value).startswith("@")
        case "bool":
            return isinstance(value, bool) or str(value).lower() in ("true", "false")
        case "json":
            return isinstance(value, dict | list) or str(value)[:1] in ("{", "[")
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or str(value).removeprefix("-").isdigit()

"""Keyboards under messages: what a bot may attach, and what a person can press."""

import json
from typing import Any
from urllib.parse import urlsplit

from rehearsal.stage.refusals import bad_request

Json = dict[str, Any]

MOST_BUTTONS = 100
MOST_DATA_BYTES = 64
ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
LOOKS = ("style", "icon_custom_emoji_id")
STYLES = ("primary", "success", "danger")


def read(markup: object) -> Json | None:
    """The markup as the server keeps it, or its refusal; an empty keyboard is none at all."""
    if markup in (None, ""):
        return None
    if isinstance(markup, str):
        try:
            markup = json.loads(markup)
        except ValueError:
            raise bad_request("Can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    if keyboard := _rows(markup, "keyboard"):
        rows = [[_reply_button(button) for button in row] for row in keyboard]
        return {**markup, "keyboard": rows}
    if inline := _rows(markup, "inline_keyboard"):
        return _inline(inline)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def _rows(markup: Json, field: str) -> list[list[object]]:
    rows = markup.get(field)
    if rows is None:
        return []
    owner = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
    if not isinstance(rows, list):
        raise bad_request(f'Field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'Field "{field}"{owner} must be an Array of Arrays')
    return rows


def _reply_button(button: object) -> Json:
    made = {"text": button} if isinstance(button, str) else button
    if not isinstance(made, dict):
        raise bad_request(
            "Can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    if "text" not in made:
        raise bad_request("Can't parse keyboard button: Can't find field \"text\"")
    if not str(made["text"]).strip():
        raise bad_request("Keyboard button text must be non-empty")
    return made


def _inline(rows: list[list[object]]) -> Json | None:
    kept = [[_inline_button(button) for button in row] for row in rows]
    kept = [row for row in kept if row]
    buttons = [button for row in kept for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check(button)
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: object) -> Json:
    cannot = "Can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{cannot}InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request(f'{cannot}Can\'t find field "text"')
    if button.get("style") not in (None, "", *STYLES):
        raise bad_request(f"{cannot}Invalid button style specified")
    action = next((name for name in ACTIONS if _is_given(button, name)), None)
    if action is None:
        raise bad_request(f"{cannot}Text buttons are unallowed in the inline keyboard")
    looks = {name: button[name] for name in LOOKS if button.get(name)}
    given = button[action]
    is_text = action in ("url", "callback_data")
    return {"text": str(text), action: str(given) if is_text else given, **looks}


def _is_given(button: Json, action: str) -> bool:
    given = button.get(action)
    if action in ("url", "callback_data"):
        return bool(given)
    return given is not None


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if len(str(button.get("callback_data", "")).encode("utf-8", "replace")) > MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(str(button["url"]))
    copied = button.get("copy_text")
    words = copied.get("text", "") if isinstance(copied, dict) else ""
    if copied is not None and not 1 <= len(str(words)) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: str) -> None:
    address = url if "://" in url or url.startswith("tg:") else f"http://{url}"
    try:
        parts = urlsplit(address)
    except ValueError:
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid") from None
    is_web = parts.scheme in ("http", "https")
    if is_web and "." not in (parts.hostname or ""):
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if not is_web and parts.scheme not in ("tg", "ton", "tonsite"):
        raise bad_request(
            f"Inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )


def labels(markup: Json | None) -> list[list[str]]:
    """The words on the buttons, row by row."""
    if not markup:
        return []
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [[str(button["text"]) for button in row] for row in rows]

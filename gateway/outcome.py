"""What became of a call to Telegram, judged by the cause of its failure."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)


class Verdict(StrEnum):
    SENT = "sent"
    NOT_SENT = "not_sent"  # surely not; may be tried again
    UNCLEAR = "unclear"  # it may have arrived
    SLOWED = "slowed"  # 429: surely not; not before `wait` seconds
    REFUSED = "refused"  # for good
    UNCHANGED = "unchanged"  # what an edit or deletion asked for is already so
    UNREACHABLE = "unreachable"  # blocked, kicked, deactivated
    MIGRATED = "migrated"  # the group has a new id
    NO_TOPIC = "no_topic"
    NO_TOKEN = "no_token"  # the token is not valid: nothing can be sent


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is safe to log and store: Telegram's own words, never a URL."""

    verdict: Verdict
    reason: str = ""
    wait: float = 0.0
    new_chat_id: int | None = None
    message_id: int | None = None


NEVER_WRITTEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.InvalidURL,
)
# In small letters: the library rewrites Telegram's capitals ("Message is not modified").
ALREADY_SO = (
    "message is not modified",
    "message to delete not found",
    "message to edit not found",
    "message can't be edited",
    "message can't be deleted",
    "message to pin not found",
)
LOST_MESSAGE = ("message to edit not found", "message can't be edited")
GONE_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
GONE_CHAT = ("chat not found", "group chat was deleted", "user is deactivated", "peer_id_invalid")


def sent(result: Any) -> Outcome:
    message_id = result.get("message_id") if isinstance(result, dict) else None
    return Outcome(Verdict.SENT, message_id=message_id)


def judged(error: Exception) -> Outcome:
    """An unclear outcome is the default: only what is known not to have arrived is called so."""
    reason = str(error)[:300]
    match error:
        case RetryAfter():
            return Outcome(Verdict.SLOWED, "429", wait=_seconds(error))
        case ChatMigrated():
            return Outcome(Verdict.MIGRATED, reason, new_chat_id=error.new_chat_id)
        case InvalidToken():
            return Outcome(Verdict.NO_TOKEN, "the token is not valid")
        case Forbidden():
            return Outcome(Verdict.UNREACHABLE, reason)
        case BadRequest():
            return _bad_request(reason)
        case Conflict():
            return Outcome(Verdict.NOT_SENT, reason)
        case NetworkError() if isinstance(error.__cause__, NEVER_WRITTEN):
            return Outcome(Verdict.NOT_SENT, reason)
        case TelegramError():
            return Outcome(Verdict.UNCLEAR, reason)
    if isinstance(error, json.JSONDecodeError | TypeError | ValueError):
        return Outcome(Verdict.REFUSED, f"{type(error).__name__} before sending")
    return Outcome(Verdict.UNCLEAR, type(error).__name__)


def says(reason: str, sentences: tuple[str, ...]) -> bool:
    """Whether a refusal's words hold one of these."""
    return any(words in reason.lower() for words in sentences)


def _bad_request(reason: str) -> Outcome:
    if says(reason, ALREADY_SO):
        return Outcome(Verdict.UNCHANGED, reason)
    if says(reason, GONE_TOPIC):
        return Outcome(Verdict.NO_TOPIC, reason)
    if says(reason, GONE_CHAT):
        return Outcome(Verdict.UNREACHABLE, reason)
    return Outcome(Verdict.REFUSED, reason)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()

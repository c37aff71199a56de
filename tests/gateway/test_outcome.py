"""What became of a call is judged by its cause: only what surely did not arrive is called so."""

import socket
from typing import Any

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from gateway.api import Api
from gateway.outcome import Verdict, judged, sent
from gateway.request import AiohttpRequest
from rehearsal.people import People
from rehearsal.simulator import Simulator

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

WORDS = {
    "message is not modified: specified new message content": Verdict.UNCHANGED,
    "Bad Request: message to delete not found": Verdict.UNCHANGED,
    "Bad Request: message can't be edited": Verdict.UNCHANGED,
    "Bad Request: message thread not found": Verdict.NO_TOPIC,
    "Bad Request: TOPIC_CLOSED": Verdict.NO_TOPIC,
    "Bad Request: chat not found": Verdict.UNREACHABLE,
    "Bad Request: group chat was deleted": Verdict.UNREACHABLE,
    "Bad Request: PEER_ID_INVALID": Verdict.UNREACHABLE,
    "Bad Request: message is too long": Verdict.REFUSED,
    "Bad Request: can't parse entities": Verdict.REFUSED,
    "Bad Request: not enough rights to manage pinned messages in the chat": Verdict.REFUSED,
}


@pytest.mark.parametrize(("words", "verdict"), WORDS.items())
def test_a_refusal_is_read_by_telegrams_words(words: str, verdict: Verdict) -> None:
    assert judged(BadRequest(words)).verdict == verdict


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (RetryAfter(7), Verdict.SLOWED),
        (ChatMigrated(-100123), Verdict.MIGRATED),
        (Forbidden("Forbidden: bot was blocked by the user"), Verdict.UNREACHABLE),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Verdict.UNREACHABLE),
        (InvalidToken("Unauthorized"), Verdict.NO_TOKEN),
        (Conflict("terminated by other getUpdates request"), Verdict.NOT_SENT),
        (TimedOut("TimeoutError"), Verdict.UNCLEAR),
        (NetworkError("ServerDisconnectedError"), Verdict.UNCLEAR),
        (NetworkError("Bad Gateway"), Verdict.UNCLEAR),
        (TelegramError("Invalid server response"), Verdict.UNCLEAR),
        (ValueError("a payload that cannot be JSON"), Verdict.REFUSED),
        (RuntimeError("anything else"), Verdict.UNCLEAR),
    ],
)
def test_every_kind_of_failure_has_its_verdict(error: Exception, verdict: Verdict) -> None:
    assert judged(error).verdict == verdict


def test_what_the_chat_must_wait_and_where_the_group_has_gone_is_read_too() -> None:
    assert judged(RetryAfter(7)).wait == 7
    assert judged(ChatMigrated(-100123)).new_chat_id == -100123
    assert sent({"message_id": 5}).message_id == 5
    assert sent(True).message_id is None


async def failure(api: Api, **more: Any) -> Exception:
    with pytest.raises(TelegramError) as caught:
        await api.call("sendMessage", {"chat_id": 1, "text": "x"}, **more)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        ({"kind": "reset_before"}, Verdict.UNCLEAR),
        ({"kind": "reset_after"}, Verdict.UNCLEAR),
        ({"kind": "bad_json"}, Verdict.UNCLEAR),
        ({"kind": "delay", "seconds": 1.0}, Verdict.UNCLEAR),
        ({"kind": "error", "code": 500}, Verdict.UNCLEAR),
        ({"kind": "error", "code": 502, "description": "<html>Bad Gateway"}, Verdict.UNCLEAR),
    ],
    ids=["reset before", "reset after", "broken answer", "no answer", "500", "502"],
)
async def test_a_call_that_was_written_and_not_answered_is_unclear(
    api: Api, people: People, fault: dict[str, Any], verdict: Verdict
) -> None:
    person = await people.person("安兰", id=1)
    await person.says("/start")
    await people.faults.add(method="sendMessage", **fault)
    assert judged(await failure(api, read_seconds=0.2)).verdict == verdict


async def test_a_call_that_found_no_connection_was_not_sent(
    sim: Simulator, request_: AiohttpRequest
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        fault = await failure(Api(request_, url, sim.token))
    assert isinstance(fault.__cause__, aiohttp.ClientConnectorError)
    assert judged(fault).verdict == Verdict.NOT_SENT


async def test_a_name_that_nobody_knows_was_not_sent(request_: AiohttpRequest) -> None:
    fault = await failure(Api(request_, "http://telegram.invalid", "4242:TOKEN"))
    assert judged(fault).verdict == Verdict.NOT_SENT


async def test_no_failure_repeats_the_address_which_holds_the_token(
    sim: Simulator, people: People, api: Api, request_: AiohttpRequest
) -> None:
    await people.person("安兰", id=1)
    for kind in ("reset_before", "bad_json", "error", "delay"):
        await people.faults.add(kind, method="sendMessage", times=1, seconds=1.0)
        fault = await failure(api, read_seconds=0.2)
        assert sim.token not in judged(fault).reason and sim.token not in str(fault)
    gone = await failure(Api(request_, "http://telegram.invalid", sim.token))
    assert sim.token not in str(gone)

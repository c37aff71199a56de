"""The simulator against Telegram's published contract: what it takes and what it gives."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.bot_side.contract import CONTRACT, Parameter
from rehearsal.bot_side.methods import METHODS, RECEIVING
from rehearsal.people import People, Person

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "botapi" / "api-10.0.json"
KINDS = {
    ("Integer",): "int",
    ("Integer", "String"): "chat",
    ("String",): "str",
    ("Boolean",): "bool",
    ("InputFile",): "file",
    ("InputFile", "String"): "file",
}
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}


@pytest.fixture(scope="module")
def published() -> Json:
    if not PUBLISHED.exists():
        pytest.skip("the published contract is not beside the project")
    spec: Json = json.loads(PUBLISHED.read_text("utf-8"))
    return spec


def test_every_method_has_its_contract() -> None:
    assert set(CONTRACT) == {*METHODS, *RECEIVING}


@pytest.mark.parametrize("method", sorted(CONTRACT))
def test_parameters_are_the_published_ones(published: Json, method: str) -> None:
    fields = published["methods"][method].get("fields", [])
    expected = {
        field["name"]: Parameter(
            field["name"], KINDS.get(tuple(field["types"]), "json"), field["required"]
        )
        for field in fields
    }
    assert CONTRACT[method] == expected


class Checker:
    """Walks an answer along the published types; every name must be known, every must be there."""

    def __init__(self, types: Json) -> None:
        self._types = types
        self.problems: list[str] = []

    def check(self, value: Any, kinds: list[str], path: str) -> None:
        found = [self._misfits(value, kind, path) for kind in kinds]
        if [] not in found:
            self.problems += _fewest(found)

    def _misfits(self, value: Any, kind: str, path: str) -> list[str]:
        if kind.startswith("Array of "):
            return self._items(value, kind.removeprefix("Array of "), path)
        if kind in PLAIN:
            expected: Any = PLAIN[kind]
            return [] if isinstance(value, expected) else [f"{path} is no {kind}: {value!r}"]
        published = self._types[kind]
        if subtypes := published.get("subtypes"):
            return _fewest([self._misfits(value, one, path) for one in subtypes])
        return self._fields(value, published, path)

    def _items(self, value: Any, kind: str, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [
            bad for n, one in enumerate(value) for bad in self._misfits(one, kind, f"{path}[{n}]")
        ]

    def _fields(self, value: Any, published: Json, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path} is no {published['name']}"]
        known = {field["name"]: field for field in published.get("fields", [])}
        bad = [
            f"{path}.{name} is unknown to {published['name']}"
            for name in value.keys() - known.keys()
        ]
        bad += [
            f"{path}.{name} is missing"
            for name, field in known.items()
            if field["required"] and name not in value
        ]
        for name in value.keys() & known.keys():
            tries = [self._misfits(value[name], k, f"{path}.{name}") for k in known[name]["types"]]
            bad += _fewest(tries)
        return bad


def _fewest(problems: list[list[str]]) -> list[str]:
    return sorted(problems, key=len)[0]


async def test_answers_and_updates_are_of_the_published_types(
    published: Json, ask: Ask, ann: Person, chen: Person, people: People
) -> None:
    checker = Checker(published["types"])

    async def checked(method: str, **parameters: object) -> Any:
        answer = await ask(method, **parameters)
        assert answer["ok"], answer
        checker.check(answer["result"], published["methods"][method]["returns"], method)
        return answer["result"]

    forum = await people.group("例会", owner=chen, members=(ann,), topics=("周报",))
    await forum.promotes_bot("can_pin_messages", "can_manage_topics")
    old = await people.group("老群", owner=chen, kind="group")
    await old.becomes_supergroup()
    keys = {"inline_keyboard": [[{"text": "好", "callback_data": "a", "style": "success"}]]}
    rich = '<b>粗</b><a href="http://a.cn">链</a><pre><code class="language-py">x</code></pre>'
    card = await checked(
        "sendMessage", chat_id=ann.id, text=rich, parse_mode="HTML", reply_markup=keys
    )
    post = await checked(
        "sendMessage", chat_id=forum.id, text="周报", message_thread_id=forum.topics["周报"]
    )
    await checked("pinChatMessage", chat_id=forum.id, message_id=post["message_id"])
    await ann.presses("好")
    await ann.says("答", reply_to=card["message_id"])
    await ann.edits(await ann.says("一"), "二")
    await ann.sends_document(b"x", name="a.xlsx")
    await ann.sends_photo(b"\x89PNG\r\n\x1a\n" + b"\0" * 16)
    await ann.sends_voice()
    await ann.sends_sticker()
    await ann.shares_contact("138")
    await ann.shares_location(1.5, 2.5)
    await ann.forwards(await ann.says("三"))
    await ann.blocks_bot()
    await ann.unblocks_bot()
    await ann.leaves(forum)
    await forum.closes_topic("周报")
    updates = await checked("getUpdates")
    assert {key for update in updates for key in update} >= {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }
    edit = {"chat_id": ann.id, "message_id": card["message_id"]}
    await checked("editMessageText", text="改", **edit)
    await checked("getMe")
    await checked("getChat", chat_id=forum.id)
    await checked("getChat", chat_id=ann.id)
    for user in (ann, chen):
        await checked("getChatMember", chat_id=forum.id, user_id=user.id)
    await checked("getChatMember", chat_id=forum.id, user_id=(await ask("getMe"))["result"]["id"])
    await checked("getChatAdministrators", chat_id=forum.id)
    await checked("getChatMemberCount", chat_id=forum.id)
    await checked("setMyCommands", commands=[{"command": "mine", "description": "我的"}])
    await checked("getMyCommands")
    await checked("getMyName")
    await checked("getWebhookInfo")
    await checked("createForumTopic", chat_id=forum.id, name="月报")
    assert checker.problems == []
    assert await people.violations() == []


async def test_the_checker_can_fail(published: Json) -> None:
    checker = Checker(published["types"])
    checker.check({"id": "x", "type": "private", "colour": 1}, ["Chat"], "chat")
    assert sorted(checker.problems) == [
        "chat.colour is unknown to Chat",
        "chat.id is no Integer: 'x'",
    ]

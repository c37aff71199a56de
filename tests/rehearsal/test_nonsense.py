"""Whatever a bot sends, the server answers or refuses; it never stumbles."""

from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.bot_side.contract import CONTRACT, violations
from rehearsal.bot_side.methods import METHODS
from rehearsal.bot_side.parameters import Parameters, Upload
from rehearsal.stage import groups, topics
from rehearsal.stage.account import BotAccount
from rehearsal.stage.acts import say
from rehearsal.stage.chats import ChatKind, Membership, Status
from rehearsal.stage.clock import Clock
from rehearsal.stage.limits import Limits
from rehearsal.stage.refusals import Refusal
from rehearsal.stage.wire import packed
from rehearsal.stage.world import World

Json = dict[str, Any]

FRIDAY = datetime.fromisoformat("2024-10-18T08:00:00+08:00")
ANN, GROUP = 100_001, -1_000_000_001_001


def town() -> World:
    """One person, one forum in which the bot may do everything."""
    world = World(BotAccount("42:T"), Clock(FRIDAY, rate=0), limits=Limits(is_on=False))
    ann = world.add_person("安兰", person_id=ANN)
    say(world, ann, "一")
    forum = world.add_group("例会", ChatKind.SUPERGROUP, chat_id=GROUP, is_forum=True)
    forum.members[ANN] = Membership(ann.as_user(), Status.OWNER)
    groups.add_bot(world, forum, ann, frozenset({"can_manage_topics", "can_pin_messages"}))
    topics.open_topic(world, forum, "周报", ann.as_user())
    return world


WORDS = st.sampled_from(
    ["", " ", "x", "<b>", "<b>x</b>", "HTML", "@x", "attach://f", "0", "-1", "3.5", "{", "[]", "{}"]
)
LEAVES = st.one_of(
    WORDS,
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False),
    st.sampled_from([ANN, GROUP, str(ANN), 10**30, "\x00", "\ud800", "😀" * 3]),
)
KEYS = st.sampled_from(
    [
        "type",
        "text",
        "url",
        "callback_data",
        "inline_keyboard",
        "keyboard",
        "message_id",
        "chat_id",
        "offset",
        "length",
        "media",
        "command",
        "description",
        "user_id",
        "user",
        "id",
        "copy_text",
        "style",
        "remove_keyboard",
        "custom_emoji_id",
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)


ENTITY_TYPES = st.sampled_from(["bold", "code", "text_link", "text_mention", "url", "blockquote"])
ENTITY = {"type": ENTITY_TYPES, "offset": LEAVES, "length": LEAVES}
BUTTON = {"text": LEAVES}
ACTIONS = {"url": LEAVES, "callback_data": LEAVES, "copy_text": VALUES, "style": LEAVES}
ROWS = st.lists(st.lists(st.fixed_dictionaries(BUTTON, optional=ACTIONS), max_size=2), max_size=2)
ITEM = {"type": st.sampled_from(["photo", "document", "x"]), "media": LEAVES}
SHAPES: dict[str, st.SearchStrategy[Any]] = {
    "reply_parameters": st.fixed_dictionaries({"message_id": LEAVES}, optional={"chat_id": LEAVES}),
    "entities": st.lists(
        st.fixed_dictionaries(ENTITY, optional={"url": LEAVES, "user": VALUES}), max_size=3
    ),
    "reply_markup": st.one_of(
        st.fixed_dictionaries({"inline_keyboard": ROWS}), st.fixed_dictionaries({"keyboard": ROWS})
    ),
    "scope": st.fixed_dictionaries(
        {"type": st.sampled_from(["chat", "chat_member", "default"])},
        optional={"chat_id": LEAVES, "user_id": LEAVES},
    ),
    "commands": st.lists(
        st.fixed_dictionaries({"command": LEAVES, "description": LEAVES}), max_size=2
    ),
    "media": st.lists(
        st.fixed_dictionaries(ITEM, optional={"caption": LEAVES}), min_size=1, max_size=3
    ),
    "message_ids": st.lists(LEAVES, max_size=3),
}
SHAPES["caption_entities"] = SHAPES["entities"]


def value_of(name: str) -> st.SearchStrategy[Any]:
    return st.one_of(SHAPES[name], SHAPES[name], VALUES) if name in SHAPES else LEAVES


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Json]:
    method = draw(st.sampled_from(sorted(METHODS)))
    names = sorted(CONTRACT[method])
    chosen = draw(st.sets(st.sampled_from(names), max_size=5)) if names else set()
    given_: Json = {name: draw(value_of(name)) for name in sorted(chosen)}
    if "chat_id" in names:
        given_["chat_id"] = draw(st.one_of(st.sampled_from([ANN, GROUP]), LEAVES))
    if "text" in names:
        given_.setdefault("text", "x")
    return method, given_


@settings(max_examples=60, deadline=None)
@given(st.lists(calls(), max_size=4))
def test_any_call_is_answered_or_refused(made: list[tuple[str, Json]]) -> None:
    world = town()
    for method, values in made:
        given_ = Parameters(values, {"f": Upload("f.txt", b"x")})
        violations(method, given_)
        try:
            packed(METHODS[method](world, given_))
        except Refusal as refusal:
            assert refusal.code in (400, 403, 429)
            packed(refusal.as_json())
    for chat in world.chats.values():
        packed([message.as_seen() for message in chat.messages.values()])

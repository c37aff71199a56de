"""What is owed is sent once, in order, and whatever goes wrong stops only what it must."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

import gateway.deliver
from gateway.limits import Limits
from models.bulletin import GroupState
from models.edge import OutClass, OutState
from models.people import Person as PersonRow
from models.people import PersonState
from models.people import person as people_table
from rehearsal.people import Group, People, Person, Seen
from rehearsal.simulator import Simulator
from tests.gateway.post_office import PostOffice

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture(autouse=True)
def patient_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway.deliver, "FIRST_PAUSE", 0.1)


@pytest.fixture
async def ann(people: People) -> Person:
    person = await people.person("安兰")
    await person.says("/start")
    return person


@pytest.fixture
async def bo(people: People) -> Person:
    person = await people.person("博文")
    await person.says("/start")
    return person


@pytest.fixture
async def chen(people: People) -> Person:
    return await people.person("陈调度")


@pytest.fixture
async def hall(people: People, chen: Person) -> Group:
    return await people.group("调度群", owner=chen)


@pytest.fixture
def bound(post: PostOffice, hall: Group) -> int:
    return post.binds(hall.id, hall.name)


async def texts_in(screen: Person | Group) -> list[str]:
    return [seen.text for seen in await screen.sees() if seen.is_from_bot]


def says_no(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "method": "sendMessage", **more}


UNCLEAR = {
    "reset before": says_no("reset_before"),
    "reset after": says_no("reset_after"),
    "500": says_no("error", code=500),
    "broken answer": says_no("bad_json"),
}


# Sent, in order


async def test_what_is_owed_is_sent_and_its_message_written_down(
    post: PostOffice, ann: Person
) -> None:
    row_id = post.owes(ann.id, "您好")
    await post.delivers()
    [seen] = [each for each in await ann.sees() if each.is_from_bot]
    row = post.row(row_id)
    assert (row.state, row.message_id, seen.text) == (OutState.SENT, seen.id, "您好")


async def test_one_chat_hears_everything_in_order(post: PostOffice, ann: Person) -> None:
    for number in range(12):
        post.owes(ann.id, f"{number}")
    await post.delivers()
    assert await texts_in(ann) == [f"{number}" for number in range(12)]


async def test_a_failed_message_is_not_overtaken_by_the_next(
    post: PostOffice, ann: Person, people: People
) -> None:
    await people.faults.add(**says_no("error", code=429, parameters={"retry_after": 1}, times=1))
    first, _ = post.owes(ann.id, "一"), post.owes(ann.id, "二")
    await post.delivers()
    assert await texts_in(ann) == ["一", "二"]
    assert post.row(first).tries == 2


async def test_an_edit_reaches_the_message_that_its_row_became(
    post: PostOffice, ann: Person
) -> None:
    card = post.owes(ann.id, "第一问")
    post.owes(ann.id, "第二问", OutClass.REPEATABLE, method="editMessageText", target_id=card)
    await post.delivers()
    assert await texts_in(ann) == ["第二问"]


async def test_a_card_that_already_reads_so_is_as_good_as_edited(
    post: PostOffice, ann: Person
) -> None:
    card = post.owes(ann.id, "同一句")
    again = post.owes(
        ann.id, "同一句", OutClass.REPEATABLE, method="editMessageText", target_id=card
    )
    await post.delivers()
    assert post.state(again) == OutState.SENT
    assert post.troubles() == []


async def test_a_card_that_the_person_deleted_comes_anew(post: PostOffice, ann: Person) -> None:
    card = post.owes(ann.id, "第一问")
    await post.delivers()
    [shown] = [each for each in await ann.sees() if each.is_from_bot]
    await ann.deletes(shown)
    post.owes(ann.id, "第二问", OutClass.REPEATABLE, method="editMessageText", target_id=card)
    await post.delivers()
    assert await texts_in(ann) == ["第二问"]
    assert post.troubles() == []


async def test_a_message_that_is_gone_already_counts_as_deleted(
    post: PostOffice, ann: Person
) -> None:
    gone = post.owes(
        ann.id, "", OutClass.REPEATABLE, method="deleteMessage", payload={"message_id": 999_999}
    )
    await post.delivers()
    assert post.state(gone) == OutState.SENT
    assert post.troubles() == []


# Replies and reminders: one repeat


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR.keys())
async def test_an_unclear_reply_is_repeated_once_and_no_more(
    post: PostOffice, ann: Person, bo: Person, people: People, fault: dict[str, Any]
) -> None:
    await people.faults.add(**fault, chat_id=ann.id, times=1)
    await people.faults.add(**fault, chat_id=bo.id)
    once, always = post.owes(ann.id, "回复"), post.owes(bo.id, "回复")
    await post.delivers()
    assert post.state(once) == OutState.SENT
    assert 1 <= len(await texts_in(ann)) <= 2
    assert (post.state(always), post.row(always).tries) == (OutState.UNKNOWN, 2)
    assert len(await texts_in(bo)) <= 2


async def test_a_reply_that_found_no_connection_is_sent_exactly_once_when_there_is_one(
    post: PostOffice, ann: Person, people: People
) -> None:
    await people.faults.add("refuse", seconds=0.5)
    row_id = post.owes(ann.id, "回复")
    await post.delivers()
    assert post.state(row_id) == OutState.SENT
    assert await texts_in(ann) == ["回复"]


# Bulletins: never blindly


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR.keys())
async def test_an_unclear_bulletin_is_held_and_the_office_asked(
    post: PostOffice, hall: Group, bound: int, people: People, fault: dict[str, Any]
) -> None:
    await people.faults.add(**fault, times=1)
    row_id = post.owes_part(hall.id, "通报", bound)
    await post.delivers()
    await asyncio.sleep(0.1)
    assert (post.state(row_id), post.row(row_id).tries) == (OutState.HELD, 1)
    assert post.troubles() == ["held"]
    assert len(await people.calls("sendMessage")) == 1
    assert post.settled >= 1


@pytest.mark.parametrize(
    "fault",
    [says_no("refuse", seconds=0.4), says_no("error", code=429, parameters={"retry_after": 1})],
    ids=["no connection", "429"],
)
async def test_a_bulletin_that_surely_did_not_arrive_goes_again_by_itself(
    post: PostOffice, hall: Group, bound: int, people: People, fault: dict[str, Any]
) -> None:
    fault = fault if fault["kind"] == "refuse" else fault | {"times": 1}
    await people.faults.add(**fault)
    row_id = post.owes_part(hall.id, "通报", bound)
    await post.delivers()
    assert post.state(row_id) == OutState.SENT
    assert await texts_in(hall) == ["通报"]
    assert post.troubles() == []


async def test_parts_go_in_order_and_the_next_waits_for_the_one_before(
    post: PostOffice, hall: Group, bound: int, people: People
) -> None:
    first = post.owes_part(hall.id, "1/3", bound)
    second = post.owes_part(hall.id, "2/3", bound, after_id=first)
    third = post.owes_part(hall.id, "3/3", bound, after_id=second)
    await people.faults.add(**says_no("reset_after", times=1))
    await post.delivers(first)
    await asyncio.sleep(0.1)
    states = [post.state(each) for each in (first, second, third)]
    assert states == [OutState.HELD, OutState.READY, OutState.READY]
    assert await texts_in(hall) == ["1/3"]


async def test_parts_of_a_bulletin_stand_together_whatever_else_is_owed_there(
    post: PostOffice, hall: Group, bound: int
) -> None:
    first = post.owes_part(hall.id, "1/2", bound)
    post.owes_part(hall.id, "2/2", bound, after_id=first)
    post.owes(hall.id, "别的话")
    await post.delivers()
    assert await texts_in(hall) == ["1/2", "2/2", "别的话"]


async def test_what_was_being_sent_when_the_power_went_is_held_or_repeated_by_its_kind(
    post: PostOffice, ann: Person, hall: Group, bound: int, people: People
) -> None:
    await people.faults.add(**says_no("delay", seconds=30.0))
    reply, part = post.owes(ann.id, "回复"), post.owes_part(hall.id, "通报", bound)
    await post.opens()
    for row_id in (reply, part):
        await waits_until(post, row_id, OutState.SENDING)
    await post.dies()
    await people.faults.clear()
    await post.delivers()
    assert (post.state(reply), post.state(part)) == (OutState.SENT, OutState.HELD)
    assert post.troubles() == ["held"]
    assert await texts_in(hall) == []


async def waits_until(post: PostOffice, row_id: int, state: OutState) -> None:
    for _ in range(400):
        if post.state(row_id) == state:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(post.row(row_id))


async def test_what_was_under_way_at_a_stop_is_written_down(
    post: PostOffice, ann: Person, people: People
) -> None:
    await people.faults.add(**says_no("delay", seconds=0.3, times=1))
    row_id = post.owes(ann.id, "回复")
    await post.opens()
    await waits_until(post, row_id, OutState.SENDING)
    await post.closes()
    assert post.state(row_id) == OutState.SENT


async def test_a_moment_that_has_passed_is_not_made_up_for(
    post: PostOffice, ann: Person, hall: Group, bound: int
) -> None:
    late = post.owes(ann.id, "提醒", deadline=post.later(minutes=-1))
    part = post.owes_part(hall.id, "通报", bound, deadline=post.later(minutes=-1))
    early = post.owes(ann.id, "早上见", not_before=post.later(hours=9))
    await post.delivers(late, part)
    assert [post.state(each) for each in (late, part, early)] == [
        OutState.EXPIRED,
        OutState.EXPIRED,
        OutState.READY,
    ]
    assert post.troubles() == ["expired"]
    assert await texts_in(ann) == await texts_in(hall) == []


async def test_what_must_wait_for_the_morning_goes_in_the_morning(
    post: PostOffice, ann: Person, people: People
) -> None:
    row_id = post.owes(ann.id, "早上好", not_before=post.later(hours=9))
    await post.opens()
    await asyncio.sleep(0.05)
    await people.clock.set(post.later(hours=9))
    post.owes(ann.id, "别的")
    await post.delivers()
    assert post.state(row_id) == OutState.SENT
    assert sorted(await texts_in(ann)) == ["别的", "早上好"]


# Limits


async def test_a_429_in_one_chat_delays_that_chat_only_and_never_less_than_asked(
    post: PostOffice, ann: Person, bo: Person, people: People
) -> None:
    fault = says_no("error", code=429, parameters={"retry_after": 2}, chat_id=ann.id, times=1)
    await people.faults.add(**fault)
    loop = asyncio.get_running_loop()
    started = loop.time()
    slowed = post.owes(ann.id, "慢")
    await post.opens()
    await asyncio.sleep(0.05)
    others = [post.owes(bo.id, f"{number}") for number in range(5)]
    await post.delivers(*others)
    assert loop.time() - started < 1.5
    await post.delivers(slowed)
    assert loop.time() - started >= 2.0
    assert len(await texts_in(bo)) == 5


async def test_the_pace_keeps_within_telegrams_limits(
    post: PostOffice, ann: Person, people: People
) -> None:
    await people.limits(is_on=True, chat={"burst": 4, "per_second": 20})
    post.limits = Limits(per_second=1e4, per_chat_second=19, chat_burst=4)
    for number in range(16):
        post.owes(ann.id, f"{number}")
    await post.delivers()
    assert await texts_in(ann) == [f"{number}" for number in range(16)]
    assert [call for call in await people.calls("sendMessage") if call["error"]] == []


# People and groups that are gone


async def test_whoever_blocked_the_bot_is_noted_and_the_rest_called_off(
    post: PostOffice, ann: Person, bo: Person
) -> None:
    joined = PersonRow(name="安兰", telegram_id=ann.id, state=PersonState.JOINED)
    values = joined.model_dump(exclude={"id"})
    post.database.work_now(lambda tx: tx.execute(people_table.insert().values(**values)))
    await ann.blocks_bot()
    first, second = post.owes(ann.id, "一"), post.owes(ann.id, "二", bulk=True)
    other = post.owes(bo.id, "三")
    await post.delivers()
    assert [post.state(each) for each in (first, second, other)] == [
        OutState.DEAD,
        OutState.CANCELLED,
        OutState.SENT,
    ]
    assert post.troubles() == ["blocked"]
    state = post.database.work_now(lambda tx: tx.scalar(select(people_table.c.state)))
    assert state == PersonState.BLOCKED


async def test_a_group_that_threw_the_bot_out_is_lost_and_its_bulletin_held(
    post: PostOffice, hall: Group, bound: int
) -> None:
    await hall.kicks_bot()
    part = post.owes_part(hall.id, "通报", bound)
    await post.delivers()
    assert post.state(part) == OutState.HELD
    assert post.group(bound).state == GroupState.LOST
    assert post.troubles() == ["group_lost", "held"]


async def test_an_unbound_group_that_threw_the_bot_out_stays_unbound(
    post: PostOffice, hall: Group
) -> None:
    """Else it would be bound again when the bot comes back, without anybody's word."""
    ended = post.binds(hall.id, state=GroupState.UNBOUND)
    await hall.kicks_bot()
    post.owes(hall.id, "再见")
    await post.delivers()
    assert post.group(ended).state == GroupState.UNBOUND


async def test_a_bulletin_follows_its_group_to_a_new_id(
    post: PostOffice, people: People, chen: Person
) -> None:
    small = await people.group("小群", owner=chen, kind="group")
    bound = post.binds(small.id, small.name)
    large = await small.becomes_supergroup()
    first = post.owes_part(small.id, "1/2", bound)
    second = post.owes_part(small.id, "2/2", bound, after_id=first)
    await post.delivers()
    assert await texts_in(large) == ["1/2", "2/2"]
    assert (post.state(second), post.group(bound).chat_id) == (OutState.SENT, large.id)
    assert post.troubles() == ["group_migrated"]


async def test_a_group_that_was_bound_anew_under_its_new_id_stops_nobody(
    post: PostOffice, people: People, chen: Person, ann: Person
) -> None:
    """The bot missed the move, somebody bound the supergroup: now both rows mean one group."""
    small = await people.group("小群", owner=chen, kind="group")
    old = post.binds(small.id, small.name)
    large = await small.becomes_supergroup()
    new = post.binds(large.id, large.name, state=GroupState.ASKED)
    part = post.owes_part(small.id, "通报", old)
    other = post.owes(ann.id, "别人的话")
    await post.delivers(other, part)
    assert post.state(other) == OutState.SENT
    assert post.group(new).chat_id == large.id
    assert post.group(old).state == GroupState.UNBOUND
    assert post.state(part) == OutState.HELD
    assert await texts_in(large) == []


async def test_a_deleted_topic_holds_the_bulletin_instead_of_posting_it_elsewhere(
    post: PostOffice, people: People, chen: Person
) -> None:
    forum = await people.group("论坛", owner=chen, topics=("通报",), kind="forum")
    thread = forum.topics["通报"]
    bound = post.binds(forum.id, forum.name, thread_id=thread)
    await forum.deletes_topic("通报")
    payload = {"text": "通报", "message_thread_id": thread}
    part = post.owes_part(forum.id, "", bound, payload=payload)
    await post.delivers()
    assert post.state(part) == OutState.HELD
    assert post.troubles() == ["topic_gone", "held"]
    assert await texts_in(forum) == []


async def test_what_telegram_refuses_for_good_is_told_and_the_rest_goes_on(
    post: PostOffice, ann: Person
) -> None:
    bad = post.owes(ann.id, "", payload={"text": "<b>没关", "parse_mode": "HTML"})
    good = post.owes(ann.id, "好")
    await post.delivers()
    assert (post.state(bad), post.state(good)) == (OutState.DEAD, OutState.SENT)
    assert post.troubles() == ["refused"]


async def test_a_muted_bot_holds_its_bulletin_for_a_person(
    post: PostOffice, hall: Group, bound: int
) -> None:
    await hall.allows(bot_is_muted=True)
    part = post.owes_part(hall.id, "通报", bound)
    await post.delivers()
    assert post.state(part) == OutState.HELD
    assert post.troubles() == ["held"]


async def test_a_missing_right_to_pin_is_told_once_and_the_bulletin_stands(
    post: PostOffice, hall: Group, bound: int
) -> None:
    for number in (1, 2):
        part = post.owes_part(hall.id, f"通报{number}", bound)
        post.owes(
            hall.id,
            "",
            OutClass.REPEATABLE,
            method="pinChatMessage",
            payload={"disable_notification": True},
            target_id=part,
            after_id=part,
            group_id=bound,
            group_rev=1,
        )
    await post.delivers()
    assert await texts_in(hall) == ["通报1", "通报2"]
    assert post.troubles() == ["no_pin_right"]


async def test_a_bulletin_is_pinned_where_the_bot_may(
    post: PostOffice, hall: Group, bound: int
) -> None:
    await hall.promotes_bot()
    part = post.owes_part(hall.id, "通报", bound)
    pin = {"method": "pinChatMessage", "payload": {}, "target_id": part, "after_id": part}
    post.owes(hall.id, "", OutClass.REPEATABLE, group_id=bound, group_rev=1, **pin)
    await post.delivers()
    assert await hall.pinned() == [post.row(part).message_id]


# Bindings are looked at again at the last moment


@pytest.mark.parametrize("change", [{"rev": 2}, {"state": GroupState.ASKED}, {"chat_id": -77}])
async def test_a_binding_that_changed_since_the_approval_holds_the_bulletin(
    post: PostOffice, hall: Group, bound: int, change: dict[str, Any]
) -> None:
    part = post.owes_part(hall.id, "通报", bound)
    post.changes(bound, **change)
    await post.delivers()
    assert post.state(part) == OutState.HELD
    assert post.troubles() == ["held"]
    assert await texts_in(hall) == []


async def test_a_notice_for_a_group_that_is_no_longer_bound_is_just_called_off(
    post: PostOffice, hall: Group
) -> None:
    """Only a bulletin is worth asking the office about."""
    bound = post.binds(hall.id, rev=2)
    notice = post.owes(hall.id, "今后发在这里", group_id=bound, group_rev=1)
    await post.delivers()
    assert post.state(notice) == OutState.CANCELLED
    assert post.troubles() == []


# The sender itself


async def test_a_token_that_is_not_valid_stops_all_sending_and_loses_nothing(
    post: PostOffice, ann: Person, sim: Simulator
) -> None:
    good, sim.world.bot.token = sim.world.bot.token, "4242:REVOKED"
    row_id = post.owes(ann.id, "您好")
    deliverer = await post.opens()
    await asyncio.wait_for(post._running[1], 5)  # type: ignore[index]  # it was just opened
    assert not deliverer.has_token
    assert post.state(row_id) == OutState.READY
    sim.world.bot.token = good
    await post.closes()
    await post.delivers()
    assert await texts_in(ann) == ["您好"]


async def test_many_chats_are_served_side_by_side(post: PostOffice, people: People) -> None:
    crowd = [await people.person(f"第{number}人") for number in range(40)]
    for each in crowd:
        await each.says("/start")
        post.owes(each.id, "一")
        post.owes(each.id, "二")
    await people.faults.add(**says_no("delay", seconds=0.1, times=40))
    started = asyncio.get_running_loop().time()
    await post.delivers()
    # One after another it would take four seconds.
    assert asyncio.get_running_loop().time() - started < 3.0
    seen: list[Seen] = await crowd[-1].sees()
    assert [each.text for each in seen if each.is_from_bot] == ["一", "二"]

"""What went wrong at the edge is told to the office once, and what is held is decided by people."""

from typing import Any

import pytest
from sqlalchemy import select

from actions.troubles import decide_held, tell_troubles
from models.bulletin import BulletinState, bulletin
from models.edge import OutState, outbox, trouble
from models.troubles import note_trouble
from rehearsal.people import Group, Person, Seen
from rules.refusal import Refusal
from tests.actions.conftest import Winds
from tests.clockwork import Clockwork
from tests.district import District
from tests.district_book import APPROVER, LI, OFFICE
from tests.patience import until
from tests.talking import says

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

THERE, AGAIN, DROP = "群里已经有了", "群里没有，再发一次", "作废，不发了"
PUBLISH = "✅ 发布"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.deliver.FIRST_PAUSE", 0.1)


@pytest.fixture
async def hall(district: District, kong: Person, meng: Person) -> Group:
    """A bound group; a bulletin for it is drafted and waits for its approver."""
    hall = await district.people.group("调度群", owner=kong)
    await hall.promotes_bot()
    await kong.says("/bind", where=hall)
    await meng.waits_for("请核对")
    await meng.presses("✅ 确认")
    await hall.waits_for("今后发在这里")
    await district.turns_to("2024-11-01 08:30")
    await meng.waits_for("请审签", since=0)
    await kong.has_read()
    district.expects_trouble = True
    return hall


async def goes_wrong(
    district: District, hall: Group, meng: Person, kind: str, **fault: Any
) -> None:
    await district.people.faults.add(kind, method="sendMessage", chat_id=hall.id, times=1, **fault)
    await meng.presses(PUBLISH)


async def posts(hall: Group) -> list[Seen]:
    return [seen for seen in await hall.sees() if seen.is_from_bot and "第1期" in seen.text]


def part(district: District) -> Any:
    [row] = district.rows(select(outbox).where(outbox.c.kind == "bulletin"))
    return row


def state(district: District) -> str:
    return str(district.value(select(bulletin.c.state)))


def open_troubles(district: District) -> list[str]:
    return [
        row.kind
        for row in district.rows(select(trouble.c.kind).where(trouble.c.healed_at.is_(None)))
    ]


# Held


async def test_the_office_is_asked_with_the_group_the_cause_and_the_beginning(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_after")
    card = await kong.waits_for("已停下等您决定")
    assert "第1期" in card.text and "调度群" in card.text and "没有得到回音" in card.text
    assert "重点项目周调度" in card.text
    assert [THERE in label or AGAIN in label or DROP in label for label in card.buttons] == [
        True
    ] * 3
    assert (part(district).state, state(district)) == (OutState.HELD, BulletinState.APPROVED)
    seen = await says(kong, "/bulletin")
    assert "等待人工核对" in seen.text


async def test_it_is_there_means_it_counts_as_posted_and_is_not_sent_again(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_after")
    await kong.waits_for("已停下等您决定")
    await kong.presses(THERE)
    await kong.waits_for("已发到：调度群")
    await district.rests()
    assert (part(district).state, state(district)) == (OutState.SENT, BulletinState.POSTED)
    assert len(await posts(hall)) == 1
    assert open_troubles(district) == []


async def test_once_more_sends_it_once_more(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_before")
    await kong.waits_for("已停下等您决定")
    assert await posts(hall) == []
    await kong.presses(AGAIN)
    await hall.waits_for("第1期")
    await district.rests()
    await until(lambda: state(district) == BulletinState.POSTED)
    assert len(await posts(hall)) == 1
    assert await hall.pinned() == [(await posts(hall))[0].id]


async def test_void_means_that_it_never_goes_and_the_bulletin_is_closed(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_before")
    await kong.waits_for("已停下等您决定")
    await kong.presses(DROP)
    await kong.waits_for("作废")
    await until(lambda: state(district) == BulletinState.DROPPED)
    assert part(district).state == OutState.CANCELLED
    assert await posts(hall) == []
    await district.bot_restarts()
    await district.rests()
    assert await posts(hall) == []
    # Nothing is left that would wait for ever, the pin included.
    waiting = select(outbox.c.id).where(outbox.c.state == OutState.READY)
    assert district.rows(waiting) == []


async def test_what_is_decided_is_decided_once(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_before")
    card = await kong.waits_for("已停下等您决定")
    await district.people.faults.add("delay", method="editMessageText", seconds=0.3, times=1)
    await kong.presses(AGAIN, on=card)
    await kong.presses(AGAIN, on=card)
    await district.rests()
    assert len(await posts(hall)) == 1


async def test_once_more_goes_where_the_group_is_bound_now(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_before")
    card = await kong.waits_for("已停下等您决定")
    await says(kong, "/groups")
    await kong.presses("解除：调度群")
    await district.rests()
    await kong.presses(AGAIN, on=card)
    assert "没有绑定" in (await kong.waits_for_popup()).text
    assert part(district).state == OutState.HELD
    await kong.says("/bind", where=hall)
    await meng.waits_for("请核对")
    await meng.presses("✅ 确认")
    await district.rests()
    await kong.presses(AGAIN, on=card)
    await hall.waits_for("第1期")
    assert len(await posts(hall)) == 1


async def test_a_binding_that_ends_between_approval_and_posting_holds_it(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    parameters = {"retry_after": 2}
    await goes_wrong(district, hall, meng, "error", code=429, parameters=parameters)
    await says(kong, "/groups")
    await kong.presses("解除：调度群")
    await kong.waits_for("群的绑定有了变化")
    assert await posts(hall) == []
    assert part(district).state == OutState.HELD


async def test_only_the_office_decides(
    district: District, hall: Group, kong: Person, meng: Person, li: Person
) -> None:
    await goes_wrong(district, hall, meng, "reset_before")
    await kong.waits_for("已停下等您决定")
    [data] = [each for each in district.data_on(kong) if "o.again" in each]
    for other in (li, meng):
        await says(other, "/help")
        await other.forges(data, on=(await other.sees())[-1])
    await district.rests()
    assert part(district).state == OutState.HELD
    assert await posts(hall) == []


async def test_a_topic_that_is_gone_is_told_and_the_new_one_gets_it(
    district: District, kong: Person, meng: Person
) -> None:
    district.expects_trouble = True
    forum = await district.people.group("论坛", owner=kong, topics=("通报", "新通报"))
    await kong.says("/bind", where=forum, thread=forum.topics["通报"])
    await meng.waits_for("请核对")
    await meng.presses("✅ 确认")
    await forum.waits_for("今后发在这里")
    await district.turns_to("2024-11-01 08:30")
    await meng.waits_for("请审签", since=0)
    await forum.deletes_topic("通报")
    await meng.presses(PUBLISH)
    await kong.waits_for("话题没有了", since=0)
    card = await kong.waits_for("已停下等您决定", since=0)
    assert await posts(forum) == []
    await kong.says("/bind", where=forum, thread=forum.topics["新通报"])
    await meng.waits_for("请核对")
    await meng.presses("✅ 确认")
    await district.rests()
    await kong.presses(AGAIN, on=card)
    await forum.waits_for("第1期")
    [seen] = await posts(forum)
    assert seen.thread == forum.topics["新通报"]


async def test_a_group_that_threw_the_bot_out_before_the_post_gets_it_after_its_return(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    await goes_wrong(district, hall, meng, "error", code=403, description=kicked)
    card = await kong.waits_for("已停下等您决定", since=0)
    await hall.kicks_bot()
    await hall.adds_bot(as_admin=True)
    await kong.waits_for("绑定照旧有效", since=0)
    await kong.presses(AGAIN, on=card)
    await hall.waits_for("第1期")
    await district.rests()
    assert len(await posts(hall)) == 1


async def test_who_blocked_the_bot_is_told_of_once(
    district: District, kong: Person, li: Person
) -> None:
    district.expects_trouble = True
    await li.blocks_bot()
    await kong.waits_for(f"{LI}", since=0)
    await district.turns_to("2024-10-30 10:00")
    await district.turns_to("2024-10-31 10:00")
    await district.rests()
    told = [words for words in district.sent_to(kong, "notice") if LI in words and "停用" in words]
    assert len(told) == 1


@pytest.mark.parametrize("name", [LI, APPROVER])
@pytest.mark.parametrize("verb", ["o.there", "o.again", "o.drop"])
def test_the_right_to_decide_does_not_rest_on_the_button(
    clockwork: Clockwork, name: str, verb: str
) -> None:
    held = clockwork.does(
        lambda desk: desk.owe("sendMessage", -77, {"text": "通报"}, state=OutState.HELD)
    )
    with pytest.raises(Refusal, match="no_right"):
        clockwork.does(decide_held, clockwork.sayer(name), held, verb)
    clockwork.does(decide_held, clockwork.sayer(OFFICE), held, verb)


# Told


def notes(clockwork: Clockwork, key: str, kind: str, **facts: Any) -> None:
    clockwork.does(lambda desk: note_trouble(desk.tx, desk.now, key, kind, **facts))


def test_a_trouble_is_told_once_to_everybody_of_the_office(clockwork: Clockwork) -> None:
    notes(clockwork, "group:1", "group_lost", title="调度群")
    assert clockwork.does(tell_troubles) == 1
    assert clockwork.does(tell_troubles) == 0
    assert len(clockwork.words("notice", OFFICE)) == 1


def test_a_trouble_waits_until_somebody_of_the_office_is_there(winds: Winds) -> None:
    clockwork = winds("imported")
    notes(clockwork, "group:1", "group_lost", title="调度群")
    assert clockwork.does(tell_troubles) == 0
    assert clockwork.owed() == []
    assert clockwork.rows(select(trouble.c.told_at))[0].told_at is None


def test_many_troubles_are_told_by_and_by(clockwork: Clockwork) -> None:
    for number in range(45):
        notes(clockwork, f"inbox:{number}", "dead_update", number=f"0-{number}", reason="KeyError")
    assert [clockwork.does(tell_troubles) for _ in range(4)] == [20, 20, 5, 0]


def test_people_s_words_in_a_trouble_stay_words(clockwork: Clockwork) -> None:
    notes(clockwork, "group:1", "group_lost", title="<b>群</b> & {name}")
    clockwork.does(tell_troubles)
    [words] = clockwork.words("notice", OFFICE)
    assert "&lt;b&gt;群&lt;/b&gt; &amp; {name}" in words

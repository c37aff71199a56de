"""The pace is kept: in no window of time does the bot speak more than Telegram lets it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.limits import Limits, Pace

CHATS = (1, 2, 3, -10, -20)
OVERALL_BURST, GROUP_BURST = 2, 2
"""How many more than its rate the pace lets through at once, in all and into one group."""


def most_in(moments: list[float], seconds: float) -> int:
    """The most moments in any half-open window of so many seconds."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - seconds + 1e-9:
            first += 1
        most = max(most, last - first + 1)
    return most


def played(
    pace: Pace, wishes: list[tuple[int, float]], method: str = "sendMessage"
) -> list[tuple[int, float]]:
    """A sender that has (chat, pause) wishes and sends each as early as it may, in their order."""
    at = 1000.0
    sent = []
    for chat_id, pause in wishes:
        at = max(at + pause, pace.earliest(chat_id, method, at + pause))
        pace.record(chat_id, method, at)
        sent.append((chat_id, at))
    return sent


wishes = st.lists(
    st.tuples(st.sampled_from(CHATS), st.sampled_from((0.0, 0.0, 0.0, 0.01, 0.5, 4.0, 30.0))),
    max_size=160,
)


@given(wishes)
@settings(max_examples=150, deadline=None)
def test_no_window_ever_holds_more_than_telegram_allows(wishes: list[tuple[int, float]]) -> None:
    limits = Limits()
    sent = played(Pace(limits), wishes)
    assert most_in([at for _, at in sent], 1.0) <= limits.per_second + OVERALL_BURST
    for chat_id in CHATS:
        mine = [at for chat, at in sent if chat == chat_id]
        if chat_id < 0:
            assert most_in(mine, 60.0) <= limits.per_group_minute + GROUP_BURST <= 20
        else:
            assert most_in(mine, 1.0) <= limits.chat_burst
            assert most_in(mine, 30.0) <= limits.chat_burst + 30 * limits.per_chat_second


@pytest.mark.parametrize(
    ("chats", "seconds", "most"),
    [((-10,), 60.0, 20), ((1,), 1.0, 12), ((1,), 60.0, 72), (tuple(range(1, 500)), 1.0, 30)],
    ids=["one group a minute", "one chat at once", "one chat a minute", "everybody a second"],
)
def test_a_flood_is_let_through_at_the_stated_pace(
    chats: tuple[int, ...], seconds: float, most: int
) -> None:
    sent = played(Pace(Limits()), [(chats[n % len(chats)], 0.0) for n in range(500)])
    assert most_in([at for _, at in sent], seconds) <= most


@given(wishes, st.sampled_from(CHATS), st.floats(0.1, 90.0))
@settings(max_examples=100, deadline=None)
def test_a_halt_holds_for_its_full_time_and_for_its_chat_only(
    wishes: list[tuple[int, float]], halted: int, seconds: float
) -> None:
    pace = Pace(Limits())
    played(pace, wishes[:10])
    pace.halt(halted, 2000.0 + seconds)
    pace.halt(halted, 2000.0)
    assert pace.earliest(halted, "sendMessage", 2000.0) >= 2000.0 + seconds
    assert pace.earliest(halted, "editMessageText", 2000.0) >= 2000.0 + seconds
    for other in set(CHATS) - {halted}:
        assert pace.earliest(other, "sendMessage", 5000.0) <= 5000.0


def test_a_halt_of_all_halts_all() -> None:
    pace = Pace(Limits())
    pace.halt(None, 50.0)
    assert {pace.earliest(chat_id, "deleteMessage", 10.0) for chat_id in CHATS} == {50.0}


def test_edits_and_pins_are_not_held_back() -> None:
    pace = Pace(Limits())
    played(pace, [(1, 0.0)] * 40)
    assert pace.earliest(1, "sendMessage", 1000.0) > 1000.0
    assert pace.earliest(1, "editMessageText", 1000.0) <= 1000.0


def test_a_quiet_chat_waits_for_nothing_and_a_busy_one_keeps_near_its_rate() -> None:
    pace = Pace(Limits())
    [(_, first)] = played(pace, [(1, 0.0)])
    assert first == 1000.0
    sent = played(Pace(Limits()), [(-10, 0.0)] * 38)
    # 38 posts into one group: three at once, then 18 a minute and no slower.
    assert sent[-1][1] - sent[0][1] <= 2 * 60.0


def test_what_is_remembered_does_not_grow_for_ever() -> None:
    pace = Pace(Limits(per_second=1e6))
    at = 0.0
    for chat_id in range(1, 25_000):
        at += 1.0
        pace.record(chat_id, "sendMessage", at)
        pace.halt(chat_id, at)
    assert len(pace._next) <= 20_001
    assert len(pace._halted) <= 2 * 3_601

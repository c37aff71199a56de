"""How people of the tests go through a report: typing, tapping, waiting for each card."""

from rehearsal.people import Person, Seen
from tests.district import District
from tests.district_book import OFFICE


async def says(who: Person, *words: str) -> Seen:
    """Types these one after another, each when the bot has answered; returns the last answer."""
    for each in words:
        await who.says(each)
        seen = await who.waits_for("")
    return seen


async def taps(who: Person, *labels: str) -> Seen:
    """Presses the buttons of these words one after another; returns what the last one brought."""
    for each in labels:
        await who.presses(each)
        seen = await who.waits_for("")
    return seen


async def opens_report(who: Person, project: str = "") -> Seen:
    """`填报`, and the button of the project where there is a choice."""
    seen = await says(who, "填报")
    if not project:
        return seen
    label = next(each for each in seen.buttons if project[:8] in each and "接着填" not in each)
    return await taps(who, label)


async def fills_in(
    who: Person, *, progress: str = "主体三层", done: str = "浇筑三层", plan: str = "砌体施工"
) -> Seen:
    """From the first question of a project without milestones to the summary; no obstacle."""
    await says(who, progress, done, plan)
    return await taps(who, "无")


async def reports(who: Person, project: str = "", **words: str) -> Seen:
    """A whole report, handed in."""
    await opens_report(who, project)
    await fills_in(who, **words)
    return await taps(who, "✅ 提交")


async def claims_office(district: District) -> Person:
    """孔令辉煌 opens the printed link and finds himself in the list."""
    kong = await district.person("某个 Telegram 名字")
    await kong.opens_link(district.office_code())
    await kong.waits_for("您是台账里的哪一位")
    await kong.presses(OFFICE)
    await kong.waits_for("您已加入")
    return kong

"""The operator at the command line: honest exit codes, one sentence each, and never a traceback."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

import bot
from config import load_settings
from installation import CannotStart
from rehearsal.company import TOKEN, Company
from rehearsal.people import People
from rehearsal.simulator import Simulator
from service import Service
from tests.district import ACCOUNTS, START, Templates
from tests.district_book import APPROVER, LI, OFFICE, STEEL, book

GOOD, BAD, UNUSABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with a config and perhaps a database, and the commands given there."""

    folder: Path
    template: Path | None = None

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "diaodu.sqlite"

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(bot.app, [*words, "--config", str(self.config)])

    async def waits(self, *words: str) -> Result:
        """For commands that talk to Telegram: the simulator needs this loop meanwhile."""
        return await asyncio.to_thread(self.types, *words)

    def changes(self, statement: str) -> None:
        with sqlite3.connect(self.database) as books:
            books.execute(statement)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.config.write_text("", "utf-8")
    return made


@pytest.fixture
def imported(desk: Desk, templates: Templates) -> Desk:
    desk.database.write_bytes(templates.imported.read_bytes())
    return desk


@pytest.fixture
def at_work(desk: Desk, templates: Templates) -> Desk:
    desk.database.write_bytes(templates.at_work.read_bytes())
    return desk


@pytest.fixture
async def telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[People]:
    """A simulated Telegram that the desk's settings point to."""
    clock = tmp_path / "clock.json"
    async with (
        Simulator(token=TOKEN, start=START, rate=0.0, clock_file=clock) as sim,
        People(sim.url) as people,
    ):
        monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", TOKEN)
        monkeypatch.setenv("DIAODU_TELEGRAM__BASE_URL", sim.url)
        monkeypatch.setenv("DIAODU_CLOCK__FILE", str(clock))
        yield people


def plain(result: Result) -> str:
    """What was printed; anything but an orderly end is a fault of ours."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.output


# The table of contents


def test_help_is_the_table_of_contents() -> None:
    result = CliRunner().invoke(bot.app, ["--help"])
    assert result.exit_code == GOOD
    for command in ("run", "demo", "import", "export", "people", "check"):
        assert command in result.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(bot.app, ["fly"]).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("check",),
        ("import", "ledger.xlsx"),
        ("export", "ledger", "out.xlsx"),
        ("people", "list"),
        ("people", "invite"),
        ("people", "office"),
    ],
)
def test_settings_that_cannot_be_read_end_every_command_with_the_key(
    desk: Desk, words: tuple[str, ...]
) -> None:
    desk.config.write_text('[office]\nnme = "x"', "utf-8")
    result = desk.types(*words)
    assert (result.exit_code, "office.nme" in plain(result)) == (UNUSABLE, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('cutoff = "Tue 09:00"\nreminders = ["Wed 10:00"]\nopens = "Tue 10:00"', ""),
        ('cutoff = "Tue 09:00"\nreminders = ["Wed 10:00"]\nopens = "Fri 09:00"', "reminder"),
        ('bulletin = "Tue 09:00"\nmeeting = "Mon 15:00"', "bulletin"),
        ('opens = "Thu 12:00"', "reminder"),
    ],
)
def test_a_week_that_contradicts_itself_is_said(desk: Desk, words: str, said: str) -> None:
    desk.config.write_text(f"[week]\n{words}", "utf-8")
    result = desk.types("people", "list")
    if said:
        assert (result.exit_code, said in plain(result)) == (UNUSABLE, True)
    else:
        assert result.exit_code == GOOD


# The ledger and the people


def test_a_column_can_be_given_its_unit_where_the_file_is_wrong(desk: Desk) -> None:
    file = desk.folder / "ledger.xlsx"
    file.write_bytes(book())
    as_said = desk.types("import", str(file)).output
    assert desk.types("import", str(file), "--unit", "E=元").output != as_said
    refused = desk.types("import", str(file), "--unit", "总投资=磅")
    assert refused.exit_code == 2
    assert "column=unit" in refused.output


def test_a_ledger_is_rehearsed_applied_and_changes_nothing_the_second_time(desk: Desk) -> None:
    file = desk.folder / "台账.xlsx"
    file.write_bytes(book())
    result = desk.types("import", str(file))
    assert result.exit_code == GOOD and "6" in plain(result)
    assert desk.types("people", "list").output == ""
    assert desk.types("import", str(file), "--apply").exit_code == GOOD
    assert LI in desk.types("people", "list").output
    again = desk.types("import", str(file), "--apply")
    assert again.exit_code == GOOD
    with sqlite3.connect(desk.database) as books:
        assert books.execute("SELECT count(*) FROM project").fetchone() == (6,)


@pytest.mark.parametrize("content", [b"", b"no sheet at all", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_ledger_is_refused_in_a_sentence(desk: Desk, content: bytes) -> None:
    file = desk.folder / "台账.xlsx"
    file.write_bytes(content)
    result = desk.types("import", str(file))
    assert result.exit_code == BAD
    assert len(plain(result).strip()) > 5


def test_a_file_that_is_not_there_is_named(desk: Desk) -> None:
    result = desk.types("import", str(desk.folder / "nowhere.xlsx"))
    assert (result.exit_code, "nowhere.xlsx" in plain(result)) == (UNUSABLE, True)


def test_the_office_gets_its_ledger_back(imported: Desk) -> None:
    target = imported.folder / "back.xlsx"
    result = imported.types("export", "ledger", str(target))
    assert result.exit_code == GOOD and "back.xlsx" in plain(result)
    sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0)
    words = {str(cell) for row in sheet.to_python() for cell in row}
    assert STEEL in words
    assert imported.types("import", str(target)).exit_code == GOOD


def test_a_target_that_cannot_be_written_is_a_sentence(imported: Desk) -> None:
    result = imported.types("export", "ledger", str(imported.folder / "no" / "such" / "x.xlsx"))
    assert (result.exit_code, "x.xlsx" in plain(result)) == (UNUSABLE, True)


def test_the_people_are_listed_with_what_the_office_must_know(at_work: Desk) -> None:
    lines = plain(at_work.types("people", "list")).splitlines()
    assert len(lines) == 9
    [line] = [line for line in lines if LI in line]
    assert "13800000001" not in line and "莱芜经济开发区" in line


def test_everybody_who_has_not_joined_gets_a_link_and_a_second_one_replaces_it(
    imported: Desk,
) -> None:
    imported.changes("INSERT INTO setting VALUES ('bot_name', 'our_bot')")
    first = plain(imported.types("people", "invite"))
    second = plain(imported.types("people", "invite"))
    assert first.count("https://t.me/our_bot?start=") == 9
    assert not set(first.split("start=")[1:]) & set(second.split("start=")[1:])
    with sqlite3.connect(imported.database) as books:
        codes = books.execute("SELECT count(*) FROM invitation WHERE revoked_at IS NULL").fetchone()
        kept = str(books.execute("SELECT * FROM invitation").fetchall())
    assert codes == (9,)
    for line in second.splitlines():
        assert line.split("start=")[1] not in kept


@pytest.mark.parametrize("words", [("people", "invite"), ("people", "office")])
def test_no_link_is_made_before_the_bots_name_is_known(
    imported: Desk, words: tuple[str, ...]
) -> None:
    """It would lead to somebody else's bot."""
    result = imported.types(*words)
    assert result.exit_code == BAD and "bot.py run" in plain(result)
    assert "t.me" not in result.output


def test_the_first_office_link_is_printed_until_somebody_has_joined(
    imported: Desk, at_work: Desk, templates: Templates
) -> None:
    at_work.changes("INSERT INTO setting VALUES ('bot_name', 'our_bot')")
    assert at_work.types("people", "office").exit_code == BAD
    imported.database.write_bytes(templates.imported.read_bytes())
    imported.changes("INSERT INTO setting VALUES ('bot_name', 'our_bot')")
    result = imported.types("people", "office")
    assert result.exit_code == GOOD and "https://t.me/our_bot?start=" in plain(result)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda desk: desk.database.write_bytes(b"not a database" * 99), "database"),
        (lambda desk: desk.changes("UPDATE alembic_version SET version_num = '9999'"), "9999"),
    ],
    ids=["broken", "newer"],
)
@pytest.mark.parametrize("words", [("people", "list"), ("export", "ledger", "x.xlsx")])
def test_a_database_that_cannot_be_used_is_a_sentence(
    imported: Desk, words: tuple[str, ...], spoil: Callable[[Desk], None], said: str
) -> None:
    spoil(imported)
    result = imported.types(*words)
    assert (result.exit_code, said in plain(result)) == (UNUSABLE, True)


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y", "sqlite:///{}/config.toml/x.sqlite"])
@pytest.mark.parametrize("words", [("people", "list"), ("check",), ("run",)])
def test_a_database_address_that_leads_nowhere_is_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], url: str
) -> None:
    monkeypatch.setenv("DIAODU_DATABASE__URL", url.format(desk.folder))
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("DIAODU_TELEGRAM__BASE_URL", "http://127.0.0.1:9")
    result = desk.types(*words)
    assert result.exit_code in (BAD, UNUSABLE)
    assert TOKEN not in plain(result)


# check


def test_check_without_a_token_says_so_and_is_not_good(desk: Desk) -> None:
    result = desk.types("check")
    assert result.exit_code == BAD
    assert "DIAODU_TELEGRAM__TOKEN" in plain(result)
    assert not desk.database.exists(), "looking must not make a database"


async def test_check_finds_what_is_missing_before_the_first_start(
    desk: Desk, telegram: People
) -> None:
    result = await desk.waits("check")
    assert result.exit_code == BAD
    assert "✓ 机器人是 @diaodu_bot" in plain(result)
    assert "✗ 还没有调度员加入" in result.output
    assert not desk.database.exists()


async def test_check_of_an_office_at_work_names_the_missing_group(
    at_work: Desk, telegram: People
) -> None:
    result = await at_work.waits("check")
    assert (result.exit_code, "✗ 还没有绑定的群" in plain(result)) == (BAD, True)
    assert result.output.count("✗") == 1 + result.output.count("见上面打 ✗")


@pytest.mark.parametrize("may_pin", [True, False])
async def test_check_is_good_when_everything_is(
    at_work: Desk, telegram: People, may_pin: bool
) -> None:
    kong = await telegram.person(OFFICE)
    hall = await telegram.group("调度群", owner=kong)
    if may_pin:
        await hall.promotes_bot()
    binds(at_work, hall.id)
    result = await at_work.waits("check")
    assert (result.exit_code, "✗" in plain(result)) == (GOOD, False)
    assert ("也可以置顶" in result.output) == may_pin


async def test_check_finds_a_group_that_threw_the_bot_out(at_work: Desk, telegram: People) -> None:
    kong = await telegram.person(OFFICE)
    hall = await telegram.group("调度群", owner=kong)
    await hall.kicks_bot()
    binds(at_work, hall.id)
    result = await at_work.waits("check")
    assert (result.exit_code, "✗ 群“调度群”发不了" in plain(result)) == (BAD, True)


def binds(desk: Desk, chat_id: int) -> None:
    columns = "chat_id, audience, title, chat_type, state, trouble, asked_at, rev"
    values = f"{chat_id}, 'weekly', '调度群', 'supergroup', 'bound', '', '2024-10-28 02:00', 1"
    desk.changes(f"INSERT INTO group_binding ({columns}) VALUES ({values})")


async def test_check_finds_a_wrong_token_and_does_not_repeat_it(
    at_work: Desk, telegram: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", TOKEN + "x")
    result = await at_work.waits("check")
    assert (result.exit_code, "✗ Telegram 不认这个令牌" in plain(result)) == (BAD, True)
    assert TOKEN not in result.output


async def test_check_finds_somebody_elses_database(at_work: Desk, telegram: People) -> None:
    at_work.changes("INSERT INTO setting VALUES ('bot_id', '99')")
    result = await at_work.waits("check")
    assert (result.exit_code, "✗ 数据库属于另一个机器人（99）" in plain(result)) == (BAD, True)


async def test_check_finds_a_newer_and_a_broken_database(at_work: Desk, telegram: People) -> None:
    at_work.changes("UPDATE alembic_version SET version_num = '9999'")
    assert "✗ 数据库是更新的版本（9999）" in plain(await at_work.waits("check"))
    at_work.database.write_bytes(b"not a database" * 99)
    result = await at_work.waits("check")
    assert (result.exit_code, "✗ 数据库打不开" in plain(result)) == (BAD, True)


async def test_check_finds_a_year_whose_holidays_nobody_knows(
    at_work: Desk, telegram: People
) -> None:
    await telegram.clock.set("2039-11-05T10:00:00+08:00")
    result = await at_work.waits("check")
    assert "✗ 2039 年的放假安排还不知道" in plain(result)
    assert "✗ 2040 年的放假安排还不知道" in result.output


def test_check_finds_a_template_with_an_error(desk: Desk) -> None:
    folder = desk.folder / "templates" / "zh-CN"
    folder.mkdir(parents=True)
    (folder / "weekly.html").write_text("{% if %}", "utf-8")
    desk.config.write_text('[bulletin]\ntemplates = "templates"', "utf-8")
    result = desk.types("check")
    assert (result.exit_code, "✗ 模板" in plain(result)) == (BAD, True)


# run


def cannot_start(desk: Desk) -> str:
    async def start() -> None:
        await Service(load_settings(desk.config)).run_until_stopped()

    with pytest.raises(CannotStart) as caught:
        asyncio.run(asyncio.wait_for(start(), 20))
    return str(caught.value)


def test_run_without_a_token_says_how_to_try_it_without_one(desk: Desk) -> None:
    result = desk.types("run")
    assert result.exit_code == UNUSABLE
    assert "make demo" in plain(result)


async def test_run_with_a_wrong_token_says_so(
    at_work: Desk, telegram: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", TOKEN + "x")
    said = await asyncio.to_thread(cannot_start, at_work)
    assert "does not know this token" in said and TOKEN not in said


async def test_run_on_somebody_elses_database_says_so(at_work: Desk, telegram: People) -> None:
    at_work.changes("INSERT INTO setting VALUES ('bot_id', '99')")
    said = await asyncio.to_thread(cannot_start, at_work)
    assert "belongs to the bot 99" in said


async def test_run_on_a_newer_or_broken_database_says_so(at_work: Desk, telegram: People) -> None:
    at_work.changes("UPDATE alembic_version SET version_num = '9999'")
    assert "newer release (9999)" in await asyncio.to_thread(cannot_start, at_work)
    at_work.database.write_bytes(b"not a database" * 99)
    assert "the database cannot be used" in await asyncio.to_thread(cannot_start, at_work)


async def test_run_without_a_line_to_telegram_says_so(
    at_work: Desk, telegram: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_TELEGRAM__BASE_URL", "http://127.0.0.1:9")
    assert "cannot be reached" in await asyncio.to_thread(cannot_start, at_work)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"WEBHOOK_SECRET": ""}, "DIAODU_TELEGRAM__WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": ""}, "telegram.webhook_url"),
        ({"WEBHOOK_URL": "http://example.com/telegram"}, "https url must be provided"),
        ({"WEBHOOK_LISTEN": "127.0.0.1"}, "telegram.webhook_listen"),
        ({"WEBHOOK_LISTEN": "127.0.0.1:1234567"}, "telegram.webhook_listen"),
        ({"WEBHOOK_LISTEN": "192.0.2.1:8443"}, "telegram.webhook_listen"),
        ({"WEBHOOK_SECRET": "not allowed!"}, "unallowed characters"),
    ],
)
async def test_a_webhook_that_cannot_work_is_refused_at_the_start(
    at_work: Desk,
    telegram: People,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    said: str,
) -> None:
    good = {
        "RECEIVE": "webhook",
        "WEBHOOK_SECRET": "a-secret",
        "WEBHOOK_URL": "https://example.com/telegram",
        "WEBHOOK_LISTEN": "127.0.0.1:0",
    }
    for name, value in (good | variables).items():
        monkeypatch.setenv(f"DIAODU_TELEGRAM__{name}", value)
    assert said in await asyncio.to_thread(cannot_start, at_work)


@pytest.mark.parametrize("url", ["", "sqlite+pysqlite:///{}", "sqlite:///{}?timeout=5"])
async def test_a_second_bot_on_the_same_database_does_not_start_and_harms_nothing(
    at_work: Desk, telegram: People, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    first = Service(load_settings(at_work.config))
    running = asyncio.create_task(first.run_until_stopped())
    await first.started.wait()
    monkeypatch.setenv("DIAODU_DATABASE__URL", url.format(at_work.database))
    said = await asyncio.to_thread(cannot_start, at_work)
    assert "another bot already runs on this database" in said
    assert not running.done()
    first.stop()
    await running


def test_a_folder_that_cannot_be_written_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", TOKEN)
    (desk.folder / "file").write_text("", "utf-8")
    monkeypatch.setenv("DIAODU_DATABASE__URL", f"sqlite:///{desk.folder}/file/x.sqlite")
    assert "folder cannot be written" in cannot_start(desk)


# Logs


async def test_neither_the_token_nor_peoples_words_reach_the_log_even_at_debug(
    tmp_path: Path, templates: Templates
) -> None:
    canary = "金丝雀主体封顶"
    (tmp_path / "diaodu.sqlite").write_bytes(templates.at_work.read_bytes())
    settings = {"LOG__LEVEL": "DEBUG"}
    async with Company(tmp_path, start=START.isoformat(), settings=settings) as company:
        people = company.people
        await company.start_bot()
        li = await people.person(LI, id=ACCOUNTS[LI])
        await people.person(APPROVER, id=ACCOUNTS[APPROVER])
        said = [STEEL, *(f"{key}:{canary}" for key in ("进度", "本周", "下周")), "问题:无"]
        await li.says("\n".join(said))
        await li.waits_for(canary)
        await people.faults.add("reset_after", times=1, method="getUpdates")
        for fault in ("bad_json", "error", "reset_before"):
            await people.faults.add(fault, times=1, method="sendMessage")
            await li.says(f"找不到的 {canary} <b>")
            await people.settle()
        assert await company.stop_bot() == 0
        logged = company.log.read_text("utf-8")
    assert "DEBUG" in logged and "call failed" in logged
    assert TOKEN not in logged and TOKEN.partition(":")[2] not in logged
    assert canary not in logged and "金丝雀" not in logged

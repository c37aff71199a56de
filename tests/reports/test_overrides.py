"""An office's own templates are used where they hold, and can do no harm where they do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.checking import check_templates
from reports.environment import HOUSE_FOLDER
from reports.overrides import Finding
from reports.templating import Templates
from reports.weekly import render_weekly
from rules.weekly import weekly
from tests.weekly_district import small_week

Office = Callable[..., Path]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Writes an office's folder: a text for each file of its Chinese templates."""

    def written(**sources: str) -> Path:
        folder = tmp_path / "zh-CN"
        folder.mkdir(exist_ok=True)
        for name, source in sources.items():
            (folder / f"{name}.html").write_text(source, encoding="utf-8")
        return tmp_path

    return written


def write(folder: Path | None) -> tuple[tuple[str, ...], list[Finding]]:
    found: list[Finding] = []
    parts = render_weekly(weekly(small_week()), Templates("zh-CN", folder, found.append))
    return parts, found


def test_an_office_may_change_one_section_and_keep_the_rest(office: Office) -> None:
    folder = office(
        weekly='{% extends "house/weekly.html" %}'
        "{% block foot %}<foot>签发：{{ bulletin.office }}</foot>{% endblock %}"
    )
    (ours,), found = write(folder)
    (house,), _ = write(None)
    assert found == []
    assert ours.endswith("\n\n签发：莱芜区重点项目推进办公室")
    assert ours.split("数据截至")[0].split("签发")[0] == house.split("数据截至")[0]
    assert check_templates(folder) == ()


def test_an_office_may_call_things_by_its_own_names(office: Office) -> None:
    words = (HOUSE_FOLDER / "zh-CN" / "words.html").read_text(encoding="utf-8")
    (message,), found = write(office(words=words.replace("区调度会", "周例会")))
    assert found == []
    assert "需周例会解决" in message


def test_what_people_say_stays_escaped_in_an_offices_template(office: Office) -> None:
    folder = office(
        weekly="<head>x</head><section>"
        "{% for c in bulletin.changes %}{{ c.line.name ~ c.line.progress }}\n{% endfor %}"
        "</section>"
    )
    (message,), found = write(folder)
    assert found == []
    assert "&lt;A&amp;B&gt;" in message
    assert "&lt;b&gt;基础&lt;" in message


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("<head>x</head>\n{{ nobody_knows }}", 2, "undefined"),
        ("\n\n{% if %}", 3, "Expected"),
        ("<head>{{ bulletin.office|safe }}</head>", 1, "No filter named 'safe'"),
        ("<head>\n{% autoescape false %}x{% endautoescape %}</head>", 2, "escaping"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ bulletin.__class__ }}", 1, "unsafe"),
        ("{{ heading.__globals__ }}", 1, "undefined"),
        ("{% set _ = bulletin.changes.append(1) %}", 1, "append"),
        ("{{ lipsum() }}", 1, "undefined"),
        ("{{ cycler.__init__.__globals__ }}", 1, "unsafe"),
        ('{% include "/etc/passwd" %}', 1, "TemplateNotFound"),
        ('{% include "../../reports/weekly.py" %}', 1, "TemplateNotFound"),
        ('{% include "weekly.html" %}', 1, "Recursion"),
        ("{% for n in range(10 ** 9) %}{% endfor %}", 1, "Range too big"),
        ("{{ 'x' * 10 ** 11 }}", None, "256 MiB"),
        ("plain words", None, "none of its parts"),
        ("<head><table>x</table></head>", None, "does not know"),
        ("<head><a href='javascript:x'>x</a></head>", None, "leads neither"),
        ("<head>x", None, "never closed"),
        ("", None, "nothing to read"),
    ],
)
def test_a_fault_is_found_and_the_bulletin_goes_out_in_the_houses_words(
    office: Office, source: str, line: int | None, what: str
) -> None:
    folder = office(weekly=source)
    parts, found = write(folder)
    assert parts == write(None)[0]
    (finding,) = found
    assert (finding.file, finding.line) == ("weekly.html", line)
    assert what in finding.what


def test_endless_computing_is_stopped(office: Office) -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    parts, (finding,) = write(office(weekly=endless))
    assert parts == write(None)[0]
    assert "2 seconds" in finding.what


def test_endless_writing_is_stopped(office: Office) -> None:
    endless = "{% for a in range(99999) %}{{ 'x' * 9999 }}{% endfor %}"
    parts, (finding,) = write(office(weekly=endless))
    assert parts == write(None)[0]
    assert "characters" in finding.what or "MiB" in finding.what


def test_an_oversized_or_unreadable_file_is_a_finding(office: Office) -> None:
    folder = office(weekly="x" * 300_000)
    assert write(folder)[1] == [Finding("weekly.html", None, "larger than 256 KiB")]
    (folder / "zh-CN" / "weekly.html").write_bytes(b"<head>\nx\xff</head>")
    assert write(folder)[1] == [Finding("weekly.html", 2, "not UTF-8")]


def test_the_check_names_files_that_no_bulletin_uses(office: Office) -> None:
    folder = office(weakly="<head>x</head>", _helper="{% set x = 1 %}")
    (folder / "klingon").mkdir()
    whats = {finding.file: finding.what for finding in check_templates(folder)}
    assert set(whats) == {"weakly.html", "klingon"}
    assert "no bulletin uses it" in whats["weakly.html"]
    assert "no such language" in whats["klingon"]


def test_the_check_says_when_there_is_no_folder(tmp_path: Path) -> None:
    (finding,) = check_templates(tmp_path / "nowhere")
    assert "no such folder" in finding.what


def test_a_template_that_only_fails_on_some_weeks_is_found_by_the_check(office: Office) -> None:
    folder = office(weekly="<head>{{ bulletin.changes[0].line.name }}</head>")
    assert write(folder)[1] == []
    (finding,) = check_templates(folder)
    assert finding.file == "weekly.html"


def test_the_houses_own_templates_pass_their_check(office: Office) -> None:
    folder = office(weekly='{% extends "house/weekly.html" %}')
    english = folder / "en"
    english.mkdir()
    (english / "weekly.html").write_text('{% extends "house/weekly.html" %}', encoding="utf-8")
    assert check_templates(folder) == ()

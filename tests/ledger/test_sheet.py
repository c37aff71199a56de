"""Files that are no ledgers, or are made to hurt: each is refused in one sentence, and quickly."""

import csv
import io
import random
import struct
import time
import zipfile
import zlib
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.archive import ArchiveLimits
from ledger.book import Row, column_letter
from ledger.refusal import LedgerUnreadable
from ledger.sheet import Limits, read_book
from tests.ledger_cast import DEMO, openpyxl, understood, workbook

xlwt: Any = import_module("xlwt")  # untyped
ROWS: list[list[Any]] = [
    ["项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"],
    ["城东水厂", "区级", "续建", 9000, 3000],
]


def refusal(content: bytes, name: str = "台账.xlsx", limits: Limits | None = None) -> str:
    begun = time.monotonic()
    with pytest.raises(LedgerUnreadable) as told:
        read_book(content, name, limits)
    assert time.monotonic() - begun < 10
    return told.value.reason


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """The demo ledger with one part more, or another one."""
    with zipfile.ZipFile(DEMO) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zipped({**parts, name: content})


def sheet_xml(rows: str) -> bytes:
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    head += 'spreadsheetml/2006/main"><sheetData>'
    return (head + rows + "</sheetData></worksheet>").encode()


def test_an_excel_97_file_is_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row, cells in enumerate(ROWS):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    draft = understood(buffer.getvalue(), "台账.xls")
    assert [(one.name, one.total) for one in draft.projects] == [("城东水厂", Decimal(9000))]


def test_an_open_document_is_read() -> None:
    cells = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in ROWS
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:body>'
    content += f'<office:spreadsheet><table:table table:name="台账">{cells}</table:table>'
    content += "</office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<?xml version="1.0"?><manifest:manifest xmlns:manifest='
    manifest += b'"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"></manifest:manifest>'
    parts = {"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest}
    draft = understood(zipped(parts), "台账.ods")
    assert [(one.name, one.total) for one in draft.projects] == [("城东水厂", Decimal(9000))]


def ods_cell(value: object) -> str:
    if isinstance(value, str):
        words = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_usual_encoding(encoding: str, delimiter: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(ROWS)
    draft = understood(buffer.getvalue().encode(encoding), "台账.csv")
    assert [(one.name, one.total) for one in draft.projects] == [("城东水厂", Decimal(9000))]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    book = read_book(workbook(表=[[], [], [None, None, "甲"], [], [None, "乙"]]), "x.xlsx")
    assert book.sheets[0].rows == (Row(3, (None, None, "甲")), Row(5, (None, "乙")))


def test_a_million_empty_rows_cost_nothing() -> None:
    blank = "".join(f'<row r="{row}" s="1"/>' for row in range(2, 1_000_001))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'
    content = with_part("xl/worksheets/sheet1.xml", sheet_xml(first + blank))
    begun = time.monotonic()
    sheet = read_book(content, "x.xlsx").sheets[0]
    assert sheet.rows == (Row(1, ("甲",)),)
    assert time.monotonic() - begun < 10


def test_a_cell_in_the_last_corner_is_refused_and_not_a_crash() -> None:
    content = workbook(表=ROWS)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["表"]["XFD1048576"] = 1
    buffer = io.BytesIO()
    book.save(buffer)
    assert refusal(buffer.getvalue()) in {"too_heavy", "too_many_columns"}


def test_too_many_rows_and_columns_are_refused_by_name() -> None:
    assert refusal(workbook(表=[["x"]] * 30), limits=Limits(rows=20)) == "too_many_rows"
    assert refusal(workbook(表=[["x"] * 30]), limits=Limits(columns=20)) == "too_many_columns"
    assert refusal(workbook(一=[["x"]], 二=[["x"]]), limits=Limits(sheets=1)) == "too_many_sheets"
    assert refusal(workbook(表=[["x"] * 9] * 9), limits=Limits(cells=80)) == "too_heavy"


def test_a_file_of_30_megabytes_is_refused_before_anything_is_read() -> None:
    assert refusal(b"PK\x03\x04" + bytes(30 * 1024 * 1024)) == "too_big"


def test_a_bomb_is_refused_by_what_it_declares() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", sheet_xml(" " * 80_000_000))
    assert refusal(bomb) == "bomb"


def test_a_bomb_that_lies_about_its_size_is_found_by_unpacking() -> None:
    """The directory says one kilobyte; the data hold forty megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(sheet_xml(" " * 40_000_000)) + packer.flush()
    name = b"xl/workbook.xml"
    sizes = struct.pack("<LLL", 0, len(packed), 1024)
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0) + sizes
    local += struct.pack("<2H", len(name), 0) + name + packed
    central = b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 8, 0, 0) + sizes
    central += struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    assert refusal(local + central + end) in {"bomb", "damaged"}
    small = Limits(archive=ArchiveLimits(unpacked_bytes=1024 * 1024))
    assert refusal(local + central + end, limits=small) == "bomb"


def test_too_many_parts_are_refused() -> None:
    assert refusal(zipped({f"part{number}": b"x" for number in range(300)})) == "bomb"


def test_entities_that_multiply_do_not() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY l0 "lol">{lol}]><s>&l11;</s>'
    content = with_part("xl/sharedStrings.xml", text.encode())
    begun = time.monotonic()
    try:
        read_book(content, "x.xlsx")
    except LedgerUnreadable as told:
        assert told.reason in {"damaged", "too_heavy"}
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("name", ["台账.xlsm", "台账.xlsb"])
def test_a_macro_file_is_refused_by_its_ending(name: str) -> None:
    assert refusal(DEMO.read_bytes(), name) == "macros"


def test_macros_and_links_inside_are_found_under_any_name() -> None:
    assert refusal(with_part("xl/vbaProject.bin", b"x")) == "macros"
    assert refusal(with_part("xl/externalLinks/externalLink1.xml", b"<x/>")) == "external_links"


def test_old_files_with_macros_or_a_password_are_refused() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal(ole + "_VBA_PROJECT_CUR".encode("utf-16-le"), "台账.xls") == "macros"
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")) == "password"
    assert refusal(ole, "台账.xls") in {"damaged", "too_heavy"}


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "台账.xlsx", "empty"),
        ("项目名称,级别".encode(), "台账.xlsx", "not_a_ledger"),
        (b"<html><table></table></html>", "台账.xls", "not_a_ledger"),
        (b"%PDF-1.7", "台账.pdf", "unknown_kind"),
        (b"\x89PNG\r\n\x1a\n\0\0", "台账.csv", "not_a_ledger"),
        (b"\xff" * 99, "台账.csv", "encoding"),
        (b"PK\x03\x04" + b"x" * 99, "台账.xlsx", "damaged"),
        (zipped({"word/document.xml": b"<x/>"}), "台账.xlsx", "not_a_ledger"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "台账.xlsx", "damaged"),
        (zipped({"xl/workbook.xml": b"x"}, zipfile.ZIP_LZMA), "台账.xlsx", "damaged"),
    ],
)
def test_what_is_no_ledger_is_said_to_be_none(content: bytes, name: str, reason: str) -> None:
    assert refusal(content, name) == reason


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xlsx", "C:\\x\\台账.XLSX", "a\0b.xlsx", ".xlsx"]
)
def test_a_file_name_is_never_a_path(name: str) -> None:
    try:
        assert read_book(DEMO.read_bytes(), name).sheets
    except LedgerUnreadable as told:
        assert (name, told.reason) == (".xlsx", "unknown_kind")


def test_a_reader_that_takes_too_long_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("while True: pass\n")
    monkeypatch.setattr("ledger.sheet.READER", slow)
    monkeypatch.setattr("ledger.sheet.GRACE_SECONDS", 0)
    assert refusal(DEMO.read_bytes(), limits=Limits(seconds=1)) == "timeout"


def test_the_child_sees_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import json, os\n"
        "rows = [[1, sorted(os.environ)]]\n"
        'sheet = {"name": "x", "rows": rows, "merges": [], "cut": []}\n'
        'print(json.dumps({"sheets": [sheet], "hidden": []}))\n'
    )
    monkeypatch.setenv("DIAODU_TELEGRAM__TOKEN", "1:secret")
    monkeypatch.setattr("ledger.sheet.READER", spy)
    (sheet,) = read_book(DEMO.read_bytes(), "x.xlsx").sheets
    assert not [name for row in sheet.rows for name in row.cells if "DIAODU" in str(name)]


def test_hidden_sheets_are_named_and_left() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(表=ROWS, 旧表=ROWS)))
    book["旧表"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    read = read_book(buffer.getvalue(), "x.xlsx")
    assert ([one.name for one in read.sheets], read.hidden) == (["表"], ("旧表",))


def test_a_text_beyond_the_limit_is_cut_and_told() -> None:
    draft = understood(workbook(表=[[*ROWS[0], "备注"], [*ROWS[1], "长" * 5000]]))
    assert len(draft.projects[0].note) == 2000
    assert [(one.key, one.spot.row, one.spot.column) for one in draft.findings] == [
        ("text_cut", 2, "F")
    ]


def test_numbers_that_are_none_become_words() -> None:
    cell = '<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c></row>'
    book = read_book(with_part("xl/worksheets/sheet1.xml", sheet_xml(cell)), "x.xlsx")
    assert not [
        cell for row in book.sheets[0].rows for cell in row.cells if isinstance(cell, float)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_file_broken_on_its_way_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(DEMO.read_bytes())
    for _ in range(chance.choice([1, 5, 50])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    cut = bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
    try:
        read_book(cut, "x.xlsx")
    except LedgerUnreadable as told:
        assert told.key.startswith("ledger.unreadable.")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from([".csv", ".xls", ".xlsx", ".ods"]))
def test_any_bytes_are_read_or_refused(content: bytes, ending: str) -> None:
    try:
        read_book(content, f"x{ending}")
    except LedgerUnreadable as told:
        assert told.key.startswith("ledger.unreadable.")


@given(st.integers(0, 16_383))
def test_columns_are_named_as_excel_names_them(column: int) -> None:
    assert column_letter(column) == openpyxl.utils.get_column_letter(column + 1)

"""The guarded way from the bytes of a file to a Book: looked at here, read in a child process."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from ledger.archive import ArchiveLimits, spreadsheet_kind
from ledger.book import Book, Cell, Merge, Row, Sheet
from ledger.refusal import LedgerUnreadable

READER = Path(__file__).with_name("reading.py")
ENDINGS = (".xlsx", ".xls", ".ods", ".csv")
MACRO_ENDINGS = (".xlsm", ".xlsb", ".xltm", ".xlam")
ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLE_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
GRACE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is looked at; beyond these it is refused, never half read."""

    file_bytes: int = 5 * 1024 * 1024
    archive: ArchiveLimits = field(default_factory=ArchiveLimits)
    sheets: int = 50
    rows: int = 20_000
    columns: int = 200
    cells: int = 1_000_000
    cell_chars: int = 2_000
    seconds: int = 10
    memory_bytes: int = 768 * 1024 * 1024
    answer_bytes: int = 32 * 1024 * 1024

    def for_the_child(self) -> dict[str, int]:
        return {
            "sheets": self.sheets,
            "rows": self.rows,
            "columns": self.columns,
            "cells": self.cells,
            "cell_chars": self.cell_chars,
            "seconds": self.seconds,
            "memory_bytes": self.memory_bytes,
            "answer_bytes": self.answer_bytes,
        }


def read_book(content: bytes, file_name: str, limits: Limits | None = None) -> Book:
    """Read .xlsx, .xls, .ods or .csv; only the ending of `file_name` is looked at.

    Blocks for up to `limits.seconds`. Raises LedgerUnreadable with what the sender can do.
    """
    limits = limits or Limits()
    kind = _kind(content, file_name, limits)
    answer = _read_in_a_child(content, kind, limits)
    if "refused" in answer:
        raise LedgerUnreadable(answer["refused"], **answer["facts"])
    return book_of(answer)


def _kind(content: bytes, file_name: str, limits: Limits) -> str:
    if not content:
        raise LedgerUnreadable("empty")
    if len(content) > limits.file_bytes:
        raise LedgerUnreadable("too_big", limit_mib=limits.file_bytes // 1024**2)
    ending = PurePosixPath(PureWindowsPath(file_name).name).suffix.lower()
    if ending in MACRO_ENDINGS:
        raise LedgerUnreadable("macros")
    if ending not in ENDINGS:
        raise LedgerUnreadable("unknown_kind")
    if content.startswith(ZIP_MARK):
        return spreadsheet_kind(content, limits.archive)
    if content.startswith(OLE_MARK):
        return _old_kind(content)
    if ending != ".csv" or not _is_text(content):
        raise LedgerUnreadable("not_a_ledger")
    return "csv"


def _old_kind(content: bytes) -> str:
    if OLE_ENCRYPTED in content:
        raise LedgerUnreadable("password")
    if OLE_MACROS in content:
        raise LedgerUnreadable("macros")
    return "xls"


def _is_text(content: bytes) -> bool:
    return content.startswith(UTF16_MARKS) or b"\0" not in content


def _read_in_a_child(content: bytes, kind: str, limits: Limits) -> dict[str, Any]:
    """A fresh isolated interpreter without our environment: no secret is there to be read."""
    command = [sys.executable, "-I", "-X", "utf8", str(READER), kind]
    command.append(json.dumps(limits.for_the_child()))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(content)
        source.seek(0)
        try:
            ended = subprocess.run(
                command,
                stdin=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=limits.seconds + GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LedgerUnreadable("timeout") from error
        return _answer(ended.returncode, answer)


def _answer(returncode: int, answer: IO[bytes]) -> dict[str, Any]:
    if returncode == -signal.SIGXCPU:
        raise LedgerUnreadable("timeout")
    if returncode < 0:
        raise LedgerUnreadable("too_heavy")
    if returncode > 0:
        raise RuntimeError(f"the spreadsheet reader ended with {returncode}")
    answer.seek(0)
    said: dict[str, Any] = json.load(answer)
    return said


def book_of(answer: Mapping[str, Any]) -> Book:
    """The child's answer as values."""
    return Book(tuple(_sheet(one) for one in answer["sheets"]), tuple(answer["hidden"]))


def _sheet(said: Mapping[str, Any]) -> Sheet:
    return Sheet(
        name=said["name"],
        rows=tuple(Row(number, tuple(map(_cell, cells))) for number, cells in said["rows"]),
        merges=tuple(Merge(*bounds) for bounds in said["merges"]),
        cut_cells=tuple((row, column) for row, column in said["cut"]),
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["d"])
    cell: Cell = value
    return cell

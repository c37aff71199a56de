"""Zip archives (.xlsx, .ods) measured by unpacking them, because their own headers may lie."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from ledger.refusal import LedgerUnreadable

LOCAL_HEADER_BYTES = 30
CHUNK_BYTES = 64 * 1024
SMALL_ENTRY_BYTES = 1024 * 1024  # below this a high ratio is ordinary and harmless
ENCRYPTED_FLAG = 0x1
MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "basic/script", "scripts/")
LINK_PARTS = ("xl/externallinks/",)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may unpack to."""

    entries: int = 200
    unpacked_bytes: int = 64 * 1024 * 1024
    ratio: int = 200


def spreadsheet_kind(content: bytes, limits: ArchiveLimits) -> str:
    """The kind of spreadsheet in a zip archive, `xlsx` or `ods`, once it has proved harmless.

    Raises LedgerUnreadable: damaged, bomb, password, macros, external_links, not_a_ledger.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise LedgerUnreadable("damaged") from error
    _refuse_declared(entries, limits)
    _refuse_active_parts(entries)
    _unpack(content, entries, limits)
    return _kind(entries)


def _kind(entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise LedgerUnreadable("not_a_ledger")


def _refuse_declared(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(entries) > limits.entries:
        raise LedgerUnreadable("bomb")
    if len({entry.filename for entry in entries}) < len(entries):
        raise LedgerUnreadable("damaged")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise LedgerUnreadable("bomb")
    if any(_swells(entry, limits.ratio) for entry in entries):
        raise LedgerUnreadable("bomb")


def _swells(entry: zipfile.ZipInfo, ratio: int) -> bool:
    if entry.file_size <= SMALL_ENTRY_BYTES:
        return False
    return entry.file_size > ratio * max(entry.compress_size, 1)


def _refuse_active_parts(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise LedgerUnreadable("password")
        if any(part in name for part in MACRO_PARTS):
            raise LedgerUnreadable("macros")
        if any(part in name for part in LINK_PARTS):
            raise LedgerUnreadable("external_links")


def _unpack(content: bytes, entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """Unpack everything without keeping it: what the archive really holds must be declared."""
    left = limits.unpacked_bytes
    for entry in entries:
        size, checksum = _measure(_packed(content, entry), entry.compress_type, left)
        if size != entry.file_size or checksum != entry.CRC:
            raise LedgerUnreadable("damaged")
        left -= size


def _packed(content: bytes, entry: zipfile.ZipInfo) -> memoryview:
    start = entry.header_offset
    header = content[start : start + LOCAL_HEADER_BYTES]
    if len(header) < LOCAL_HEADER_BYTES or not header.startswith(b"PK\x03\x04"):
        raise LedgerUnreadable("damaged")
    name_bytes = int.from_bytes(header[26:28], "little")
    extra_bytes = int.from_bytes(header[28:30], "little")
    body = start + LOCAL_HEADER_BYTES + name_bytes + extra_bytes
    packed = memoryview(content)[body : body + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise LedgerUnreadable("damaged")
    return packed


def _measure(packed: memoryview, method: int, allowed: int) -> tuple[int, int]:
    """The size and checksum of an entry; stops as soon as it exceeds what is allowed."""
    if method == zipfile.ZIP_STORED:
        return len(packed), zlib.crc32(packed)
    if method != zipfile.ZIP_DEFLATED:
        raise LedgerUnreadable("damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, checksum = 0, 0
    pending: bytes | memoryview = packed
    while not inflater.eof:
        try:
            piece = inflater.decompress(pending, CHUNK_BYTES)
        except zlib.error as error:
            raise LedgerUnreadable("damaged") from error
        if not piece and not inflater.unconsumed_tail and not inflater.eof:
            raise LedgerUnreadable("damaged")
        pending = inflater.unconsumed_tail
        size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        if size > allowed:
            raise LedgerUnreadable("bomb")
    return size, checksum

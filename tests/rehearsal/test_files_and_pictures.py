"""Documents, photos and albums, up and down, within Telegram's sizes."""

import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, NetworkError

from rehearsal.people import People, Person
from rehearsal.stage.pictures import dimensions

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]

MEGABYTE = 1024 * 1024


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


async def test_a_ledger_travels_from_the_phone_to_the_bot(bot: Bot, ann: Person) -> None:
    await ann.sends_document(b"PK-ledger", name="台账.xlsx", caption="十月台账")
    [_, update] = await bot.get_updates()
    assert update.message is not None and update.message.document is not None
    document = update.message.document
    assert (document.file_name, update.message.caption) == ("台账.xlsx", "十月台账")
    assert document.mime_type is not None and "spreadsheet" in document.mime_type
    file = await bot.get_file(document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"PK-ledger"


async def test_a_bulletin_travels_from_the_bot_to_the_phone(
    bot: Bot, ann: Person, people: People
) -> None:
    sent = await bot.send_document(
        ann.id, b"PDF", filename="周报.pdf", caption="<b>周报</b>", parse_mode="HTML"
    )
    seen = await ann.waits_for("周报")
    assert seen.html == "<b>周报</b>"
    assert seen.media["document"]["file_name"] == "周报.pdf"
    assert await people.file(seen) == b"PDF"
    assert sent.document is not None
    again = await bot.send_document(ann.id, sent.document.file_id)
    assert again.document == sent.document


async def test_a_photo_knows_its_size_and_its_caption_can_be_edited(bot: Bot, ann: Person) -> None:
    sent = await bot.send_photo(ann.id, png(30, 20), caption="现场")
    assert (sent.photo[0].width, sent.photo[0].height) == (30, 20)
    await bot.edit_message_caption(ann.id, sent.message_id, caption="工地现场")
    assert (await ann.waits_for("工地")).is_edited
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", ann.id, sent.message_id)


async def test_an_album_arrives_as_one_group(bot: Bot, ann: Person) -> None:
    album = [InputMediaPhoto(png(), caption="一"), InputMediaPhoto(png())]
    sent = await bot.send_media_group(ann.id, album)
    assert len(sent) == 2
    assert sent[0].media_group_id == sent[1].media_group_id
    assert sent[0].caption == "一"
    with pytest.raises(BadRequest):
        await bot.send_media_group(ann.id, [InputMediaDocument(b"x")])


async def test_a_person_sends_a_photo(bot: Bot, ann: Person) -> None:
    await ann.sends_photo(png(), caption="进度")
    [_, update] = await bot.get_updates()
    assert update.message is not None and update.message.photo
    assert update.message.caption == "进度"


async def test_a_file_over_20_megabytes_cannot_be_fetched(bot: Bot, ann: Person) -> None:
    await ann.sends_document(b"x" * (30 * MEGABYTE), name="大.xlsx")
    [_, update] = await bot.get_updates()
    assert update.message is not None and update.message.document is not None
    assert update.message.document.file_size == 30 * MEGABYTE
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(update.message.document.file_id)


async def test_a_bot_uploads_at_most_50_megabytes(bot: Bot, ann: Person) -> None:
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(ann.id, b"x" * (52 * MEGABYTE))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "File must be non-empty"),
        (b"no picture", "Image_process_failed"),
        (png() + b"x" * (10 * MEGABYTE), "File is too big"),
    ],
)
async def test_what_is_no_photo_is_refused(
    bot: Bot, ann: Person, content: bytes, sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        await bot.send_photo(ann.id, content)


async def test_unknown_and_mismatched_files_are_refused(ask: Ask, bot: Bot, ann: Person) -> None:
    sent = await bot.send_document(ann.id, b"PDF")
    assert sent.document is not None
    cases = [
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "nope"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "attach://gone"}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "nope"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {"photo": sent.document.file_id},
            "can't use file of type Document as Photo",
        ),
        ("sendDocument", {"document": "x", "caption": "长" * 1025}, "message caption is too long"),
    ]
    for method, parameters, sentence in cases:
        answer = await ask(method, chat_id=ann.id, **parameters)
        assert answer["description"] == f"Bad Request: {sentence}"


async def test_a_download_needs_the_right_token_and_path(
    sim: Any, session: Any, ann: Person
) -> None:
    for path, status in (
        ("/file/bot1:X/documents/file_1", 401),
        (f"/file/bot{sim.token}/nope", 404),
    ):
        async with session.get(sim.url + path) as answer:
            assert answer.status == status


@given(
    st.binary(max_size=40),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8", b"BM"]),
)
def test_any_bytes_are_a_picture_or_none(body: bytes, start: bytes) -> None:
    found = dimensions(start + body)
    assert found is None or len(found) == 2


def test_a_jpeg_tells_its_size_behind_its_headers() -> None:
    header = b"\xff\xe0" + struct.pack(">H", 16) + b"\0" * 14
    frame = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 480, 640) + b"\0" * 4
    assert dimensions(b"\xff\xd8" + header + frame) == (640, 480)

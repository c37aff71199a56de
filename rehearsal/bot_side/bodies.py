"""Bodies of bot calls: queries, forms, JSON and multipart, all read into Parameters."""

import json
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from rehearsal.bot_side.parameters import Parameters, Upload
from rehearsal.stage.files import MOST_UPLOADED

SLACK = 1024 * 1024


class TooLarge(Exception):
    """More bytes than Telegram accepts."""


async def read_body(request: web.Request) -> Parameters:
    given = Parameters(dict(request.query))
    kind = request.content_type
    if (request.content_length or 0) > MOST_UPLOADED + SLACK:
        raise TooLarge
    if kind == "multipart/form-data":
        await _read_parts(request, given)
        return given
    body = await request.read()
    if not body:
        return given
    if kind == "application/json":
        given.values |= _object(body)
    else:
        given.values |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return given


def _object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def _read_parts(request: web.Request, given: Parameters) -> None:
    left = MOST_UPLOADED + SLACK
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytearray()
        while chunk := await part.read_chunk(65536):
            content += chunk
            left -= len(chunk)
            if left < 0:
                raise TooLarge
        name = part.name or ""
        if part.filename is not None:
            given.uploads[name] = Upload(part.filename, bytes(content))
        else:
            given.values[name] = content.decode("utf-8", "replace")

"""getFile: where the bytes of a file can be fetched."""

from typing import Any

from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.files import MOST_DOWNLOADED
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.world import World


def get_file(world: World, given: Parameters) -> dict[str, Any]:
    if not given.has("file_id"):
        raise bad_request("file_id not specified")
    stored = world.files.find(given.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MOST_DOWNLOADED:
        raise bad_request("file is too big")
    return stored.as_json()

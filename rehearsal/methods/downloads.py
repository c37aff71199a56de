"""getFile: where the bytes of a file can be fetched."""

from typing import Any

from rehearsal.files import MOST_DOWNLOADED
from rehearsal.parameters import Parameters
from rehearsal.refusals import bad_request
from rehearsal.world import World


def get_file(world: World, given: Parameters) -> dict[str, Any]:
    if not given.has("file_id"):
        raise bad_request("file_id not specified")
    stored = world.files.find(given.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MOST_DOWNLOADED:
        raise bad_request("file is too big")
    return stored.as_json()

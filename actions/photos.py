"""Pictures of the building site, sent at any step of a report."""

from dataclasses import replace

from actions.desk import Desk
from actions.drafts import live_draft
from actions.people import Sayer
from actions.talk import resume
from flows.report import MOST_PHOTOS, REPORT, photos_in, with_photo
from models.database import insert_row
from models.report import photo
from rules.refusal import Refusal


def add_photo(desk: Desk, sayer: Sayer, file_id: str, unique_id: str, *, has_caption: bool) -> bool:
    """A picture for the report under way; False when there is none."""
    draft = live_draft(desk.tx, sayer.id)
    if draft is None or draft.flow != REPORT.name or draft.project_id is None:
        return False
    if photos_in(draft.said) == MOST_PHOTOS:
        complaint = Refusal("filing.too_many_photos", limit=MOST_PHOTOS)
        resume(desk, sayer, draft, complaint=complaint)
        return True
    insert_row(
        desk.tx,
        photo,
        draft_id=draft.id,
        file_id=file_id,
        file_unique_id=unique_id,
        sent_at=desk.now,
        sent_by=sayer.id,
    )
    # Whether a caption tells of the picture or answers the question, nobody can know.
    note = Refusal("filing.caption_not_heard") if has_caption else None
    resume(desk, sayer, replace(draft, said=with_photo(draft.said)), complaint=note)
    return True

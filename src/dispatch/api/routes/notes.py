"""Notes on jobs: what dispatchers and technicians tell each other, and no customer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, Field, StringConstraints

from dispatch.api.caller import TheCaller
from dispatch.api.sent import Sent
from dispatch.operations.jobs.notes import MOST_LETTERS, note_job, note_own_visit
from dispatch.store.notes import newest_notes, notes_of
from dispatch.store.own_route import stop_line
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.notes import NoteRow

router = APIRouter(tags=["notes"])


class NewNote(Sent):
    """What is to be known of a job."""

    text: Annotated[
        str,
        StringConstraints(min_length=1, max_length=MOST_LETTERS, strip_whitespace=True),
        Field(description="No customer reads it."),
    ]


class NoteView(BaseModel):
    """A note; it is never changed."""

    id: UUID
    text: str
    author: str
    written_at: datetime

    @staticmethod
    def of(row: NoteRow) -> NoteView:
        """As it is kept."""
        return NoteView(id=row.id, text=row.noted, author=row.author, written_at=row.written_at)


@router.get("/jobs/{job}/notes", name="notes.list")
def list_(caller: TheCaller, job: UUID) -> list[NoteView]:
    """The notes on a job, the newest first."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(JobRow, job)
        return [NoteView.of(note) for note in notes_of(work.session, row.id)]


@router.post("/jobs/{job}/notes", name="notes.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, job: UUID, given: NewNote) -> list[NoteView]:
    """Write a note on a job, for whoever plans and does it."""
    caller.once(
        UUID,
        lambda: note_job(
            caller.house.database,
            caller.actor,
            job,
            noted=given.text,
        ),
    )
    return list_(caller, job)


@router.post("/me/visits/{visit}/notes", name="own.note", status_code=status.HTTP_201_CREATED)
def own(caller: TheCaller, visit: UUID, given: NewNote) -> list[NoteView]:
    """Write a note on the job of a visit of one's own."""
    caller.once(
        UUID,
        lambda: note_own_visit(
            caller.house.database,
            caller.actor,
            visit,
            caller.technician,
            noted=given.text,
        ),
    )
    with caller.house.database.work(caller.actor) as work:
        job = stop_line(work, caller.technician, visit)["job_id"]
        return [NoteView.of(note) for note in newest_notes(work.session, [job]).get(job, ())]

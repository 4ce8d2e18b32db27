"""What those who work on a job write down for each other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor, Source
from dispatch.errors import Refused
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.own_route import stop_line
from dispatch.store.rows.accounts import AccountRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.notes import NoteRow
from dispatch.store.work import Work

MOST_LETTERS = 1_000
MOST = 200
"""Notes on one job."""


def note_job(database: Database, actor: Actor, job_id: UUID, *, noted: str) -> UUID:
    """Write a note on a job; it is never changed.

    Raises
    ------
    InvalidValue
        It says nothing, or too much.
    Missing
        There is no such job.
    Refused
        ``note.too-many``: the job has as many as it may have.
    """
    with database.work(actor) as work:
        return work.commit(_write(work, job_id, noted))


def note_own_visit(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    technician_id: UUID,
    *,
    noted: str,
) -> UUID:
    """Write a note on the job of a visit that one has; raises as :func:`note_job`.

    Missing also where the visit is somebody else's, or one was not told of it yet.
    """
    with database.work(actor) as work:
        stop_line(work, technician_id, visit_id)
        job = work.get(VisitRow, visit_id).job_id
        return work.commit(_write(work, job, noted))


def _write(work: Work, job_id: UUID, noted: str) -> UUID:
    checks.words("note.noted", noted, MOST_LETTERS)
    job = held_job(work, job_id)
    count = select(func.count()).where(NoteRow.job_id == job.id)
    if (work.session.scalar(count) or 0) >= MOST:
        raise Refused("note.too-many", most=MOST)
    row = NoteRow(
        id=new_id(),
        outlet_id=job.outlet_id,
        job_id=job.id,
        noted=noted.strip(),
        author=_author(work),
        written_at=work.now,
        written_by=work.actor.id,
    )
    work.session.add(row)
    work.note("note.written", row)
    return row.id


def _author(work: Work) -> str:
    """As colleagues know whoever writes: by their name, or what they are; logins are nobody's."""
    if work.actor.source is Source.CLI:
        return work.actor.id
    account = work.get(AccountRow, UUID(work.actor.id))
    return account.name or account.role.value

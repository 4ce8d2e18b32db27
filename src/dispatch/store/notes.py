"""The notes of jobs, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from dispatch.store.rows.notes import NoteRow
from dispatch.store.scope import UNSCOPED

NEWEST = 20
"""Of each job, as many go with a technician."""
_NEWEST_FIRST = (NoteRow.written_at.desc(), NoteRow.id.desc())


def _newest() -> Select[NoteRow]:
    place = func.row_number().over(partition_by=NoteRow.job_id, order_by=_NEWEST_FIRST)
    theirs = NoteRow.job_id.in_(bindparam("jobs", expanding=True))
    numbered = select(NoteRow, place.label("place")).where(theirs).subquery()
    note = aliased(NoteRow, numbered)
    query = select(note).where(numbered.c.place <= NEWEST).order_by(numbered.c.place)
    return query.execution_options(**UNSCOPED)


_NEWEST = _newest()


def notes_of(session: Session, job: UUID) -> Sequence[NoteRow]:
    """All of one job; there are not many."""
    query = select(NoteRow).where(NoteRow.job_id == job)
    return session.scalars(query.order_by(*_NEWEST_FIRST)).all()


def newest_notes(session: Session, jobs: Collection[UUID]) -> Mapping[UUID, Sequence[NoteRow]]:
    """The newest of each of some jobs, whichever outlet takes care of them."""
    found: dict[UUID, list[NoteRow]] = defaultdict(list)
    for row in session.scalars(_NEWEST, {"jobs": list(jobs)}) if jobs else ():
        found[row.job_id].append(row)
    return found

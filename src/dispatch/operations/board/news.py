"""What has happened on boards, in the order in which it was committed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import array

from dispatch.domain.actor import Actor
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.events import EventHeadRow, EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import BoardRow
from dispatch.store.rows.technicians import ShiftRow
from dispatch.store.work import Work

VISIT = "visit"
AT_ONCE = 1_000
"""Events read at a time."""
TOLD = {
    "state": "state",
    "technician_id": "technician",
    "start_at": "start",
    "end_at": "end",
    "began_at": "began",
    "ended_at": "ended",
    "promised_from": "promised_from",
    "promised_to": "promised_to",
    "pin": "pin",
}
"""Columns of a visit that whoever sees a board sees, and what they are called there."""


@dataclass(frozen=True, slots=True)
class Heads:
    """How far the record has come."""

    number: int
    """Of its last event."""
    versions: Mapping[date, int]
    """Of the boards that were asked for and have ever changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """Something that happened to a visit."""

    number: int
    at: datetime
    kind: str
    visit: UUID
    changed: Mapping[str, Any]
    """As it is since then."""
    starts: frozenset[datetime]
    """All the times at which it was ever to begin, and at which the shifts begin that it was in."""
    waits: Span | None
    """When it may be done, if it is on no route now."""

    def is_on(self, span: Span, until: datetime) -> bool:
        """Whether it concerns the board of a day that lasts so long: it is, was or may be on it."""
        if any(span.start <= start < span.end for start in self.starts):
            return True
        return self.waits is not None and (self.waits.start < until and self.waits.end > span.start)


@dataclass(frozen=True, slots=True)
class News:
    """What comes after a number, up to another."""

    changes: Sequence[VisitChange]
    until: int


def heads(database: Database, actor: Actor, days: Collection[date]) -> Heads:
    """Where the event log ends and the versions of some boards, as they were at one moment."""
    query = (
        select(EventHeadRow.number, BoardRow.day, BoardRow.version)
        .select_from(EventHeadRow)
        .outerjoin(BoardRow, BoardRow.day.in_(days))
    )
    with database.work(actor) as work:
        found = work.session.execute(query).all()
    return Heads(found[0].number, {row.day: row.version for row in found if row.day})


def news_after(database: Database, actor: Actor, after: int, until: int) -> News:
    """What happened to visits of the actor's outlets, a thousand events at most.

    Parameters
    ----------
    until
        A number that the log has reached; so nothing is missed before it.
    """
    with database.work(actor) as work:
        query = select(EventRow).where(
            EventRow.number > after, EventRow.number <= until, EventRow.subject_kind == VISIT
        )
        events = work.session.scalars(query.order_by(EventRow.number).limit(AT_ONCE)).all()
        visits = {event.subject_id for event in events}
        starts, waits = _starts(work, visits), _waits(work, visits)
        changes = [
            VisitChange(
                number=event.number,
                at=event.at,
                kind=event.kind,
                visit=event.subject_id,
                changed=_changed(event),
                starts=frozenset(starts.get(event.subject_id, ())),
                waits=waits.get(event.subject_id),
            )
            for event in events
        ]
    return News(changes, changes[-1].number if len(changes) == AT_ONCE else until)


def _starts(work: Work, visits: Collection[UUID]) -> Mapping[UUID, set[datetime]]:
    """By what the log says, so that who saw a visit on a board hears that it left it."""
    start, shift = "start_at", "shift_id"
    query = select(EventRow.subject_id, EventRow.before, EventRow.after).where(
        EventRow.subject_kind == VISIT,
        EventRow.subject_id.in_(visits),
        or_(*(part.has_any(array([start, shift])) for part in (EventRow.before, EventRow.after))),
    )
    events = work.session.execute(query).all()
    said = [(row[0], document or {}) for row in events for document in row[1:]]
    shifts = {UUID(document[shift]) for _, document in said if document.get(shift)}
    begins = select(ShiftRow.id, ShiftRow.start_at).where(ShiftRow.id.in_(shifts))
    known = {str(row.id): row.start_at for row in work.session.execute(begins)}
    found: dict[UUID, set[datetime]] = {}
    for visit, document in said:
        moments = found.setdefault(visit, set())
        if document.get(start):
            moments.add(datetime.fromisoformat(document[start]))
        if document.get(shift) in known:
            moments.add(known[document[shift]])
    return found


def _waits(work: Work, visits: Collection[UUID]) -> Mapping[UUID, Span]:
    query = (
        select(VisitRow.id, JobRow.earliest, JobRow.latest)
        .join(VisitRow.job)
        .where(VisitRow.id.in_(visits), VisitRow.start_at.is_(None))
    )
    return {row.id: Span(row.earliest, row.latest) for row in work.session.execute(query)}


def _changed(event: EventRow) -> Mapping[str, Any]:
    after = event.after or {}
    return {said: after[column] for column, said in TOLD.items() if column in after}

"""The shifts of a file: what is stored around them, and what hangs on those it leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, literal, not_, select

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.shift import Shift
from dispatch.domain.technician import Technician
from dispatch.errors import Finding, InvalidInput, Refused
from dispatch.planning.check.pointer import at
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.kinds.technicians import named_shifts
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.shifts import begins_in
from dispatch.store.work import Work


def see_shifts(work: Work, day: Day, people: Sequence[Technician], frame: Frame) -> None:
    """See that the shifts of a file go with what is stored; nobody else changes that meanwhile.

    Parameters
    ----------
    day
        The file, for the places of what is found.
    people
        Those of its technicians whose shifts are brought in.

    Raises
    ------
    InvalidInput
        ``shift.overlap``: with a shift that another day has.
    Refused
        ``import.in-use``: a shift that the file leaves out has visits.
    """
    rows = _held(work, [person.id for person in people])
    _see_unused(work, people, rows, frame.span)
    numbers = {person.id: number for number, person in enumerate(day.technicians)}
    around = _around(work, people, rows, frame.span)
    found = [
        finding
        for person in people
        if person.id in rows
        for finding in _overlapping(person, numbers[person.id], around[rows[person.id].id])
    ]
    if found:
        raise InvalidInput(found)


def _held(work: Work, keys: Sequence[str]) -> Mapping[str, TechnicianRow]:
    query = (
        select(TechnicianRow)
        .where(TechnicianRow.key == any_(literal(list(keys), ARRAY(Text))))
        .order_by(TechnicianRow.id)
        .with_for_update(of=TechnicianRow, key_share=True)
    )
    return {row.key: row for row in work.session.scalars(query)}


def _see_unused(
    work: Work, people: Iterable[Technician], rows: Mapping[str, TechnicianRow], span: Span
) -> None:
    gone: dict[UUID, tuple[TechnicianRow, ShiftRow]] = {}
    for person in people:
        row, kept = rows.get(person.id), {shift.id for shift in person.shifts}
        if row is not None:
            shifts = named_shifts(row, span)
            gone |= {shift.id: (row, shift) for name, shift in shifts if name not in kept}
    query = (
        select(VisitRow.shift_id)
        .where(VisitRow.shift_id == any_(literal(list(gone), ARRAY(Uuid))))
        .limit(1)
    )
    used = work.session.scalars(query, execution_options=UNSCOPED).first() if gone else None
    if used is not None:
        row, shift = gone[used]
        raise Refused(
            "import.in-use",
            technician=row.key,
            shift=shift.key,
            start=shift.start_at.isoformat(),
        )


def _around(
    work: Work, people: Iterable[Technician], rows: Mapping[str, TechnicianRow], span: Span
) -> Mapping[UUID, list[ShiftRow]]:
    """By technician, what is stored of other days and reaches into the shifts of the file."""
    shifts = [shift for person in people for shift in person.shifts]
    found: dict[UUID, list[ShiftRow]] = defaultdict(list)
    if not shifts:
        return found
    ids = [row.id for row in rows.values()]
    query = (
        select(ShiftRow)
        .where(
            ShiftRow.technician_id == any_(literal(ids, ARRAY(Uuid))),
            not_(begins_in(span)),
            ShiftRow.start_at < max(shift.end for shift in shifts),
            ShiftRow.end_at > min(shift.start for shift in shifts),
        )
        .order_by(ShiftRow.start_at)
    )
    for shift in work.session.scalars(query):
        found[shift.technician_id].append(shift)
    return found


def _overlapping(person: Technician, number: int, others: Sequence[ShiftRow]) -> Iterator[Finding]:
    for place, shift in enumerate(person.shifts):
        for other in others:
            minutes = _shared_minutes(shift, other)
            if minutes > 0:
                yield Finding(
                    "shift.overlap",
                    at("technicians", number, "shifts", place),
                    {
                        "technician": person.id,
                        "first": f"{other.key} ({other.start_at.isoformat()})",
                        "second": f"{shift.id} ({shift.start.isoformat()})",
                        "minutes": minutes,
                    },
                )


def _shared_minutes(shift: Shift, other: ShiftRow) -> int:
    ends, starts = min(other.end_at, shift.end), max(other.start_at, shift.start)
    return -(-elapsed_s(starts, ends) // 60)

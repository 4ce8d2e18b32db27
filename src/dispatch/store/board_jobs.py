"""Jobs as they stand on a board: who has them, what holds them there, who was told what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from dispatch.domain.job import Job, Pin, PinLevel
from dispatch.domain.published import Published
from dispatch.domain.states.visit import ENDED, UNDER_WAY
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import heard
from dispatch.store.seats import crew_left, planned_seats


def board_job(row: JobRow, frame: Frame, now: datetime | None, shifts: Mapping[UUID, str]) -> Job:
    """A job with what holds of its visits: pins, and what was published.

    Parameters
    ----------
    shifts
        What the day calls each shift.
    """
    seats = planned_seats(row.visits)
    active = [visit for visit in row.visits if visit.id in seats]
    job = _left_of(Jobs().read(row, frame), row, active, frame)
    ours = {seats[visit.id] for visit in active if visit.technician_id is not None}
    held = {
        seats[visit.id] for visit in active if visit.state in UNDER_WAY or visit.pin is not None
    }
    pins = [pin for pin in job.pins if pin.seat not in held]
    published = [told for told in job.published if told.seat not in ours]
    for visit in active:
        if visit.technician_id is not None:
            technician = frame.key(TechnicianRow, visit.technician_id)
            shift = shift_name(visit, shifts)
            pins.extend(_pins(visit, seats[visit.id], technician, shift, now))
            published.append(_published(visit, seats[visit.id], technician, shift))
    begun = any(visit.state in UNDER_WAY for visit in active)
    return replace(
        job,
        windows=() if begun else job.windows,
        pins=tuple(sorted(pins, key=lambda pin: pin.seat)),
        published=tuple(sorted(published, key=lambda told: told.seat)),
    )


def _left_of(job: Job, row: JobRow, active: Sequence[VisitRow], frame: Frame) -> Job:
    """A job of whose crew some have ended, with the rest; what was in the vans is used up."""
    if not active or not any(visit.state in ENDED for visit in row.visits):
        return job
    crew = job.crew or JobTypes().read(row.type, frame).crew
    if crew is None or len(active) >= len(crew.seats):
        return job
    numbers = {visit.seat: number for number, visit in enumerate(active)}
    return replace(
        job,
        crew=crew_left(crew, numbers),
        parts=job.parts if 0 in numbers else {},
        pins=tuple(replace(pin, seat=numbers[pin.seat]) for pin in job.pins if pin.seat in numbers),
        published=tuple(
            replace(told, seat=numbers[told.seat]) for told in job.published if told.seat in numbers
        ),
    )


def shift_name(visit: VisitRow, shifts: Mapping[UUID, str]) -> str | None:
    """What a day calls the shift of a visit; one that begins on another day has its own key."""
    return None if visit.shift is None else shifts.get(visit.shift.id, visit.shift.key)


def _pins(
    visit: VisitRow, seat: int, technician: str, shift: str | None, now: datetime | None
) -> Iterable[Pin]:
    if visit.state in UNDER_WAY:
        yield Pin(
            technician=technician,
            seat=seat,
            level=PinLevel.TIME,
            shift=shift,
            start=since(visit, now),
        )
    elif visit.pin is not None:
        pin = heard(Pin, visit.pin)
        here = visit.shift is not None and pin.shift == visit.shift.key
        yield replace(pin, seat=seat, shift=shift if here else pin.shift)


def since(visit: VisitRow, now: datetime | None) -> datetime | None:
    """When a visit under way is taken to have started: one that should be over is over now."""
    if visit.start_at is None or visit.end_at is None or now is None:
        return visit.start_at
    return max(visit.start_at, now - (visit.end_at - visit.start_at))


def _published(visit: VisitRow, seat: int, technician: str, shift: str | None) -> Published:
    return Published(
        technician=technician,
        seat=seat,
        shift=shift,
        order=visit.place,
        start=visit.promised_from,
        end=visit.promised_to,
    )

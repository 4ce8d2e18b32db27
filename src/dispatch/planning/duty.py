"""Shifts as they can be worked: less the absences, with the breaks that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dispatch.domain.day import Day
from dispatch.domain.shift import Break, Shift
from dispatch.domain.technician import Technician
from dispatch.planning.horizon import Horizon, Span, merged


class Pause(NamedTuple):
    """A break, or an absence in the middle of a shift. Seconds from the horizon's start."""

    earliest_s: int
    latest_s: int
    duration_s: int
    absence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One shift of one technician, less their absences. Seconds from the horizon's start."""

    technician: Technician
    owner: int
    """The technician's place in the day's list."""
    shift: Shift
    earliest_s: int
    end_s: int
    """Overtime counts from here."""
    latest_s: int
    """End of the overtime allowed."""
    pauses: tuple[Pause, ...]
    """By their earliest start."""
    stretches: tuple[Span, ...]
    """Earliest to latest, without the absences in between."""
    first_date: date
    last_date: date


def duties_of(day: Day, horizon: Horizon) -> tuple[Duty, ...]:
    """Every shift of which anything is left, in the order of the day."""
    return tuple(
        duty
        for owner, technician in enumerate(day.technicians)
        for shift in technician.shifts
        if (duty := _duty(technician, owner, shift, horizon)) is not None
    )


def _duty(technician: Technician, owner: int, shift: Shift, horizon: Horizon) -> Duty | None:
    earliest, end = max(0, horizon.from_s(shift.start)), horizon.until_s(shift.end)
    latest = min(end + shift.overtime_s, _next_start_s(technician, end, horizon))
    away: list[Span] = []
    for span in _absences(technician, horizon):
        if span.end_s <= earliest or span.start_s >= latest:
            continue
        if span.start_s <= earliest:
            earliest = span.end_s
        elif span.end_s >= end:
            latest = span.start_s
        else:
            away.append(span)
    end = min(end, latest)
    if earliest >= end:
        return None
    pauses = [Pause(span.start_s, span.start_s, span.end_s - span.start_s, True) for span in away]
    for rest in shift.breaks:
        pauses += _pause(rest, Span(earliest, latest), away, horizon)
    return Duty(
        technician=technician,
        owner=owner,
        shift=shift,
        earliest_s=earliest,
        end_s=end,
        latest_s=latest,
        pauses=tuple(sorted(pauses)),
        stretches=_between(Span(earliest, latest), away),
        first_date=horizon.local_date(earliest),
        last_date=horizon.local_date(latest),
    )


def _next_start_s(technician: Technician, end_s: int, horizon: Horizon) -> int:
    """When the technician's next shift begins, or the horizon ends: overtime goes no further."""
    starts = (horizon.from_s(shift.start) for shift in technician.shifts)
    return min((start for start in starts if start >= end_s), default=horizon.end_s)


def _absences(technician: Technician, horizon: Horizon) -> tuple[Span, ...]:
    return merged(
        Span(horizon.until_s(absence.start), horizon.from_s(absence.end))
        for absence in technician.absences
    )


def _pause(rest: Break, work: Span, away: Sequence[Span], horizon: Horizon) -> list[Pause]:
    """The break as far as it lies in the working time; nothing if none of it does.

    A break that can only be taken during an absence has been taken then. One that an absence
    cuts is taken before it, or, without room there, after it.
    """
    earliest = max(horizon.from_s(rest.earliest), work.start_s)
    latest = horizon.until_s(rest.latest)
    for span in away:
        if span.end_s <= earliest or latest + rest.duration_s <= span.start_s:
            continue
        if earliest + rest.duration_s <= span.start_s:
            latest = span.start_s - rest.duration_s
        elif latest >= span.end_s:
            earliest = span.end_s
        else:
            return []
    if rest.duration_s == 0 or latest < earliest or earliest >= work.end_s:
        return []
    return [Pause(earliest, latest, rest.duration_s)]


def _between(work: Span, away: Sequence[Span]) -> tuple[Span, ...]:
    starts = [work.start_s, *(span.end_s for span in away)]
    ends = [*(span.start_s for span in away), work.end_s]
    return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))

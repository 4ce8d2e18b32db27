"""Technicians, with their skills, shifts and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Protocol, TypeVar

from dispatch.domain.position import Position
from dispatch.domain.shift import Absence, Shift
from dispatch.domain.skill import HeldSkill, Skill
from dispatch.domain.technician import Technician
from dispatch.store.kinds.kind import Frame, Kind, Span
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import (
    AbsenceRow,
    HeldSkillRow,
    ShiftRow,
    SkillRow,
    TechnicianRow,
)
from dispatch.store.said import heard, said

OWN = (
    *("id", "name", "home", "outlet", "skills", "shifts", "absences"),
    *("profile", "contractor"),
)
SHIFT_OWN = ("id", "start", "end")
MOST_KEY = 100
"""Characters of a shift's key before what sets it apart from others."""


class NamedShift(Protocol):
    """What a shift is named by."""

    @property
    def key(self) -> str:
        """What people call it; others may be called so too."""

    @property
    def start_at(self) -> datetime:
        """When it begins."""


S = TypeVar("S", bound=NamedShift)


class Skills(Kind[Skill, SkillRow]):
    """The skill list."""

    table = SkillRow

    def read(self, row: SkillRow, frame: Frame) -> Skill:
        """The skill that a row holds."""
        return Skill(id=row.key, name=row.name)

    def write(self, row: SkillRow, value: Skill, frame: Frame) -> None:
        """Let a row hold a skill."""
        row.name = value.name


class Technicians(Kind[Technician, TechnicianRow]):
    """The people who are routed."""

    table = TechnicianRow

    def read(self, row: TechnicianRow, frame: Frame) -> Technician:
        """The technician that a row holds, with the shifts and absences of the frame."""
        return heard(
            Technician,
            row.said,
            id=row.key,
            name=row.name,
            home=home_of(row),
            outlet=frame.key(OutletRow, row.outlet_id) if row.at_outlet else None,
            skills=tuple(
                HeldSkill(skill=held.skill.key, level=held.level, expires=held.expires)
                for held in row.skills
            ),
            shifts=tuple(
                heard(Shift, shift.said, id=name, start=shift.start_at, end=shift.end_at)
                for name, shift in named_shifts(row, frame.span)
            ),
            absences=tuple(
                Absence(start=away.start_at, end=away.end_at, reason=away.reason)
                for away in row.absences
                if _meets(away, frame.whole)
            ),
            profile=row.profile,
            contractor=row.contractor,
        )

    def filled(self, row: TechnicianRow, value: Technician) -> Technician:
        """With the home that is known: shifts of other days may start or end there."""
        return value if value.home is not None else replace(value, home=home_of(row))

    def write(self, row: TechnicianRow, value: Technician, frame: Frame) -> None:
        """Let a row hold a technician; shifts and absences outside of the frame stay."""
        self.write_facts(row, value, frame)
        _write_skills(row, value, frame)
        _write_shifts(row, value, frame)
        _write_absences(row, value, frame)

    def write_facts(self, row: TechnicianRow, value: Technician, frame: Frame) -> None:
        """Let a row hold who a technician is, and not when they work or what they can do."""
        row.name, row.profile, row.contractor = value.name, value.profile, value.contractor
        row.home_lat = value.home.lat if value.home else None
        row.home_lon = value.home.lon if value.home else None
        row.at_outlet = value.outlet is not None
        if value.outlet is not None:
            row.outlet_id = frame.of(OutletRow, value.outlet)
        row.said = said(value, but=OWN)


def home_of(row: TechnicianRow) -> Position | None:
    """Where somebody lives, if it is known."""
    return None if row.home_lat is None else Position(row.home_lat, row.home_lon or 0.0)


def _write_skills(row: TechnicianRow, value: Technician, frame: Frame) -> None:
    held = {entry.skill_id: entry for entry in row.skills}
    wanted = []
    for place, entry in enumerate(value.skills):
        skill_id = frame.of(SkillRow, entry.skill)
        cell = held.get(skill_id) or HeldSkillRow(skill_id=skill_id)
        cell.level, cell.expires, cell.place = entry.level, entry.expires, place
        wanted.append(cell)
    row.skills = wanted


def _write_shifts(row: TechnicianRow, value: Technician, frame: Frame) -> None:
    others = [shift for shift in row.shifts if not _begins(shift, frame.span)]
    known = dict(named_shifts(row, frame.span))
    wanted = []
    for entry in value.shifts:
        shift = known.get(entry.id) or ShiftRow(key=entry.id)
        shift.start_at, shift.end_at = entry.start, entry.end
        shift.said = said(entry, but=SHIFT_OWN)
        wanted.append(shift)
    row.shifts = [*others, *wanted]


def _write_absences(row: TechnicianRow, value: Technician, frame: Frame) -> None:
    """What is away inside of the frame is as the value says; what is away besides stays."""
    known = {(away.start_at, away.end_at, away.reason): away for away in row.absences}
    wanted = [
        known.get((entry.start, entry.end, entry.reason))
        or AbsenceRow(start_at=entry.start, end_at=entry.end, reason=entry.reason)
        for entry in value.absences
    ]
    outside = [
        part for away in row.absences if away not in wanted for part in _outside(away, frame.whole)
    ]
    row.absences = [*outside, *wanted]


def _outside(away: AbsenceRow, span: Span) -> Iterator[AbsenceRow]:
    """What of an absence lies before a stretch of time, and after it."""
    start, end = away.start_at, away.end_at
    if start < span.start:
        away.end_at = min(end, span.start)
        yield away
    if end > span.end and start < span.start:
        yield AbsenceRow(start_at=span.end, end_at=end, reason=away.reason)
    elif end > span.end:
        away.start_at = max(start, span.end)
        yield away


def named_shifts(row: TechnicianRow, span: Span) -> Iterator[tuple[str, ShiftRow]]:
    """The shifts of a stretch of time, by names that differ."""
    return names_of(shift for shift in row.shifts if _begins(shift, span))


def names_of(shifts: Iterable[S]) -> Iterator[tuple[str, S]]:
    """Those of one technician by names that differ, the first by its key.

    Where several have one key, the later say which day it is, and which of that day.
    """
    seen: set[str] = set()
    for shift in sorted(shifts, key=lambda shift: shift.start_at):
        name = next(name for name in _names(shift) if name not in seen)
        seen.add(name)
        yield name, shift


def _names(shift: NamedShift) -> Iterator[str]:
    yield shift.key
    dated = f"{shift.key[:MOST_KEY]}@{shift.start_at.astimezone(UTC).date().isoformat()}"
    yield dated
    yield from (f"{dated}#{number}" for number in count(2))


def _begins(row: ShiftRow, span: Span) -> bool:
    """A shift over midnight is of the day on which it begins."""
    return span.start <= row.start_at < span.end


def _meets(row: AbsenceRow, span: Span) -> bool:
    return row.start_at < span.end and row.end_at > span.start

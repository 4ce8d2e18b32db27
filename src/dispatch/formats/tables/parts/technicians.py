"""Technicians, with their rows of the skill matrix, the shifts and the absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dispatch.domain.shift import Absence, Break, Shift
from dispatch.domain.skill import HeldSkill
from dispatch.domain.technician import Technician
from dispatch.errors import InvalidValue
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.parts.places import position, position_values
from dispatch.formats.tables.parts.values import complete, values_of
from dispatch.formats.tables.rows import Row

TECHNICIAN = (
    "id",
    "name",
    "outlet",
    "territories",
    "profile",
    "duration_factor",
    "job_type_factors",
    "capacity",
    "contractor",
    "wage_minor_per_h",
    "visit_minor",
    "work_ahead_s",
)
SHIFT = ("start", "end", "start_at", "end_at", "overtime_s", "max_jobs", "max_travel_s")
ABSENCE = ("start", "end", "reason")
BREAK = ("earliest", "latest", "duration_s")
HOME = ("home_latitude", "home_longitude")


def read_technician(
    row: Row,
    found: Findings,
    *,
    skills: tuple[HeldSkill, ...],
    shifts: tuple[Shift, ...],
    absences: tuple[Absence, ...],
) -> Technician | None:
    """A row of the technicians."""
    fields: dict[str, Any] = {
        **row.given(*TECHNICIAN),
        "skills": skills,
        "shifts": shifts,
        "absences": absences,
    }
    if "duration_factor" in fields:
        fields["duration_factor"] = float(fields["duration_factor"])
    if row.indices("home_") and complete(row, found, *HOME):
        fields["home"] = position(row, "home_")
    return None if row.broken else row.build(found, Technician, fields, ("id", 0))


def read_skills(row: Row, found: Findings) -> Iterator[HeldSkill]:
    """A row of the skill matrix."""
    for skill, (level, expires) in row.grades.items():
        try:
            yield HeldSkill(skill=skill, level=level, expires=expires)
        except InvalidValue as error:
            found.refused(error, row.place)


def read_shift(row: Row, found: Findings) -> Shift | None:
    """A row of the shifts."""
    breaks = tuple(_breaks(row, found))
    if row.broken:
        return None
    fields = {**row.given(*SHIFT), "id": row.get("shift"), "breaks": breaks}
    return row.build(found, Shift, fields, ("end", 0))


def read_absence(row: Row, found: Findings) -> Absence | None:
    """A row of the absences."""
    return None if row.broken else row.build(found, Absence, row.given(*ABSENCE), ("end", 0))


def technician_values(technician: Technician) -> dict[Slot, Any]:
    """A row of the technicians."""
    home = position_values(technician.home, "home_") if technician.home else {}
    return values_of(technician, TECHNICIAN) | home


def shift_rows(technicians: Iterable[Technician]) -> Iterator[dict[Slot, Any]]:
    """The rows of the shifts."""
    for technician in technicians:
        for shift in technician.shifts:
            row: dict[Slot, Any] = {("technician", 0): technician.id, ("shift", 0): shift.id}
            row |= values_of(shift, SHIFT)
            for index, held in enumerate(shift.breaks, start=1):
                row |= values_of(held, BREAK, index, "break_")
            yield row


def absence_rows(technicians: Iterable[Technician]) -> Iterator[dict[Slot, Any]]:
    """The rows of the absences."""
    for technician in technicians:
        for absence in technician.absences:
            yield {("technician", 0): technician.id, **values_of(absence, ABSENCE)}


def _breaks(row: Row, found: Findings) -> Iterator[Break]:
    for index in row.indices("break_"):
        if complete(row, found, "break_earliest", "break_duration_s", index=index):
            earliest = row.get("break_earliest", index=index)
            fields = {
                "earliest": earliest,
                "latest": row.get("break_latest", earliest, index),
                "duration_s": row.get("break_duration_s", index=index),
            }
            made = row.build(found, Break, fields, ("break_latest", index))
            if made:
                yield made

"""Shifts have a place to start from, lie in the horizon, do not overlap and hold their breaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.shift import AnchorKind
from dispatch.domain.technician import Technician
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at


def doubtful_shifts(day: Day) -> Iterator[Finding]:
    """All findings about when technicians work."""
    for index, technician in enumerate(day.technicians):
        if not technician.shifts:
            yield Finding(
                "technician.no-shift",
                at("technicians", index, "shifts"),
                {"technician": technician.id},
                severity="warning",
            )
        yield from _homeless(technician, index)
        yield from _outside(day, technician, index)
        yield from _overlapping(technician, index)
        yield from _breaks_outside(technician, index)
        yield from _absences_outside(day, technician, index)


def _homeless(technician: Technician, index: int) -> Iterator[Finding]:
    if technician.home is not None:
        return
    for number, shift in enumerate(technician.shifts):
        for name, anchor in (("start_at", shift.start_at), ("end_at", shift.end_at)):
            if anchor.kind is AnchorKind.HOME:
                yield Finding(
                    "technician.no-home",
                    at("technicians", index, "shifts", number, name),
                    {"technician": technician.id, "shift": shift.id},
                )


def _outside(day: Day, technician: Technician, index: int) -> Iterator[Finding]:
    for number, shift in enumerate(technician.shifts):
        if elapsed_s(day.start, shift.start) < 0 or elapsed_s(shift.end, day.end) < 0:
            yield Finding(
                "shift.outside",
                at("technicians", index, "shifts", number),
                {
                    "technician": technician.id,
                    "shift": shift.id,
                    "start": shift.start.isoformat(),
                    "end": shift.end.isoformat(),
                },
            )


def _overlapping(technician: Technician, index: int) -> Iterator[Finding]:
    numbered = sorted(
        enumerate(technician.shifts), key=lambda entry: entry[1].start.astimezone(UTC)
    )
    for (_, first), (number, second) in pairwise(numbered):
        overlap = elapsed_s(second.start, first.end)
        if overlap > 0:
            yield Finding(
                "shift.overlap",
                at("technicians", index, "shifts", number),
                {
                    "technician": technician.id,
                    "first": first.id,
                    "second": second.id,
                    "minutes": -(-overlap // 60),
                },
            )


def _breaks_outside(technician: Technician, index: int) -> Iterator[Finding]:
    """Breaks that no route of their shift can owe."""
    for number, shift in enumerate(technician.shifts):
        for place, rest in enumerate(shift.breaks):
            before = elapsed_s(rest.latest, shift.start) > 0
            after = elapsed_s(shift.end, rest.earliest) >= shift.overtime_s
            if before or after:
                yield Finding(
                    "break.outside",
                    at("technicians", index, "shifts", number, "breaks", place),
                    {
                        "technician": technician.id,
                        "shift": shift.id,
                        "start": rest.earliest.isoformat(),
                        "end": rest.latest.isoformat(),
                    },
                    severity="warning",
                )


def _absences_outside(day: Day, technician: Technician, index: int) -> Iterator[Finding]:
    for number, absence in enumerate(technician.absences):
        if elapsed_s(absence.end, day.start) >= 0 or elapsed_s(day.end, absence.start) >= 0:
            yield Finding(
                "absence.outside",
                at("technicians", index, "absences", number),
                {
                    "technician": technician.id,
                    "start": absence.start.isoformat(),
                    "end": absence.end.isoformat(),
                },
                severity="warning",
            )

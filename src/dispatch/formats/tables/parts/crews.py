"""Crews: how many on a job, in which step, and what each seat needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from dispatch.domain.job import Crew, Job, JobType, Seat
from dispatch.domain.skill import SkillNeeds
from dispatch.errors import InvalidValue
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.parts.values import NEEDS, complete, read_needs, values_of
from dispatch.formats.tables.rows import Row

CREW = {
    "timing": "crew_timing",
    "min_delay_s": "crew_min_delay_s",
    "max_delay_s": "crew_max_delay_s",
}
Owner: TypeAlias = tuple[str, str]
"""``job`` or ``job_type``, and its id."""


def seats_by_owner(rows: Iterable[Row], found: Findings) -> dict[Owner, list[Row]]:
    """The rows of the crews by the job or job type that they belong to."""
    seats: dict[Owner, list[Row]] = {}
    for row in rows:
        owners = [(key, row.get(key)) for key in ("job_type", "job") if row.get(key)]
        if len(owners) == 1:
            seats.setdefault(owners[0], []).append(row)
        elif not row.broken:
            found.add("crews.owner", row.place)
    return seats


def read_crew(row: Row, seats: list[Row], found: Findings) -> Crew | None:
    """The crew of a job or job type; none if one technician does it."""
    size = row.get("crew_size")
    fields = row.renamed(CREW)
    if size is None:
        if fields:
            complete(row, found, "crew_size")
        if ("crew_size", 0) not in row.broken:
            for seat in seats:
                seat.wrong(found, "crews.seat", "seat", size=1)
        return None
    by_number = {seat.get("seat"): _seat(seat, size, found) for seat in seats if seat.get("seat")}
    plain = Seat()
    filled = tuple(by_number.get(number) or plain for number in range(1, size + 1))
    return row.build(found, Crew, {**fields, "seats": filled}, ("crew_size", 0))


def crew_values(crew: Crew | None) -> dict[Slot, Any]:
    """The crew's columns of a job or job type."""
    if crew is None:
        return {}
    return {
        ("crew_size", 0): len(crew.seats),
        **{(key, 0): getattr(crew, name) for name, key in CREW.items()},
    }


def crew_rows(owner: str, things: Iterable[Job] | Iterable[JobType]) -> Iterator[dict[Slot, Any]]:
    """A row for each seat that says something of its own."""
    for thing in things:
        seats = thing.crew.seats if thing.crew else ()
        for number, seat in enumerate(seats, start=1):
            if seat != Seat():
                row: dict[Slot, Any] = {(owner, 0): thing.id, ("seat", 0): number}
                yield row | values_of(seat, ("duration_s",)) | _needs_values(seat.needs)


def _needs_values(needs: SkillNeeds | None) -> dict[Slot, Any]:
    if needs is None:
        return {}
    return values_of(needs, NEEDS) or {("all_of", 0): ()}  # said, and empty: nothing is needed


def _seat(row: Row, size: int, found: Findings) -> Seat | None:
    if row.get("seat") > size:
        row.wrong(found, "crews.seat", "seat", size=size)
    own = any((key, 0) in row.values for key in NEEDS)
    try:
        return Seat(duration_s=row.get("duration_s"), needs=read_needs(row) if own else None)
    except InvalidValue as error:
        found.refused(error, row.place)
        return None

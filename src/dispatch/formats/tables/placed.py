"""Where in the tables something stands that was found wrong in the day only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.domain.day import Day
from dispatch.domain.named import Named
from dispatch.errors import Finding, Place
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.rows import Row

ONE_FOR_EACH = (
    "jobs",
    "sites",
    "job_types",
    "skills",
    "territories",
    "outlets",
    "technicians",
    "speeds",
)
"""Sheets whose rows are the entries of the day's lists, in their order."""
OF_TECHNICIANS = ("shifts", "absences")
REPEATED = {"windows": "window", "pins": "pin", "published": "published", "breaks": "break"}
"""Lists that stand in repeated columns, and how these begin."""


@dataclass(frozen=True, slots=True)
class PlacedDay:
    """A day, and the rows that it was read from."""

    day: Day
    rows: Mapping[str, Row]
    """By the JSON pointers into the day of what became of them."""
    named: Named
    """What they say of what holds for the whole network."""

    def placed(self, findings: Sequence[Finding]) -> list[Finding]:
        """Findings about the day, at the rows and columns where it can be mended."""
        return [replace(finding, place=self._place(finding.place)) for finding in findings]

    def _place(self, place: Place) -> Place:
        parts = (place.pointer or "").split("/")
        for end in range(len(parts), 1, -1):
            row = self.rows.get("/".join(parts[:end]))
            if row is not None:
                slot = next((slot for slot in _slots(parts[end:]) if slot in row.headings), None)
                return row.at(*slot) if slot else row.place
        return place


def rows_by_pointer(tables: Mapping[str, Sequence[Row]]) -> dict[str, Row]:
    """The rows of a day of which nothing was refused."""
    rows = {f"/{key}/{index}": row for key in ONE_FOR_EACH for index, row in enumerate(tables[key])}
    places = {row.get("id"): index for index, row in enumerate(tables["technicians"])}
    for key in OF_TECHNICIANS:
        counts: dict[str, int] = {}
        for row in tables[key]:
            name = row.get("technician")
            number = counts[name] = counts.get(name, -1) + 1
            rows[f"/technicians/{places.get(name)}/{key}/{number}"] = row
    for row in tables["skill_matrix"]:
        rows[f"/technicians/{places.get(row.get('technician'))}/skills"] = row
    return rows


def _slots(parts: Sequence[str]) -> Iterator[Slot]:
    """The columns that the rest of a pointer may mean."""
    for at, part in enumerate(parts):
        group, number = REPEATED.get(part), "".join(parts[at + 1 : at + 2])
        if group and number.isdecimal():
            fields = parts[at + 2 : at + 3] or ("start", "technician", "earliest")
            yield from ((f"{group}_{field}", int(number) + 1) for field in fields)
        yield part, 0

"""No two entries of a kind share an id."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.day import Day
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at

KINDS = ("skills", "territories", "outlets", "sites", "job_types", "technicians", "jobs")


def duplicates(day: Day) -> Iterator[Finding]:
    """One finding for each entry whose id stood before."""
    for kind in KINDS:
        firsts: dict[str, int] = {}
        for index, entry in enumerate(getattr(day, kind)):
            first = firsts.setdefault(entry.id, index)
            if first != index:
                yield Finding(
                    f"day.twice.{kind.replace('_', '-')}",
                    at(kind, index, "id"),
                    {"id": entry.id, "first": str(at(kind, first))},
                )

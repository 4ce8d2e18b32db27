"""Speeds by the time of day."""

from __future__ import annotations

from typing import Any

from dispatch.domain.speed import Speed
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.parts.values import values_of
from dispatch.formats.tables.rows import Row


def read_speed(row: Row, found: Findings) -> Speed | None:
    """A row of the speeds."""
    if row.broken:
        return None
    fields = {
        **row.given("profile", "percent"),
        "start": row.get("speed_start"),
        "end": row.get("speed_end"),
    }
    return row.build(found, Speed, fields, ("speed_end", 0))


def speed_values(speed: Speed) -> dict[Slot, Any]:
    """A row of the speeds."""
    times = {("speed_start", 0): speed.start, ("speed_end", 0): speed.end}
    return values_of(speed, ("profile", "percent")) | times

"""A technician's visits as a calendar shows them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.domain.states.visit import VisitState
from dispatch.formats.icalendar import Entry, write_calendar
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Span
from dispatch.store.own_route import Line, stop_lines

BACK, AHEAD = timedelta(days=7), timedelta(days=30)


def calendar_of(database: Database, actor: Actor, technician: UUID) -> bytes:
    """What a technician has been told to do, from a week ago to thirty days ahead.

    Nothing of it says whom to call: a calendar is kept by programs that are not ours.
    """
    with database.work(actor) as work:
        lines = stop_lines(work, technician, Span(work.now - BACK, work.now + AHEAD))
        return write_calendar(map(_entry, lines), work.now)


def _entry(line: Line) -> Entry:
    place = ", ".join(part for part in (line["site_name"], line["address"]) if part)
    said = (line["job"], line["type"], line["name"])
    return Entry(
        id=str(line["visit"]),
        version=line["version"],
        start=line["start"],
        end=line["end"],
        summary=" ".join(dict.fromkeys(part for part in said if part)),
        location=place or line["site"] or line["area"] or "",
        position=Position(line["lat"], line["lon"]) if line["whole"] else None,
        cancelled=line["state"] is VisitState.CANCELLED,
    )

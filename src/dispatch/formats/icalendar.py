"""A calendar as RFC 5545 has it, for whatever program shows one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.domain.position import Position

MEDIA = "text/calendar"
PRODUCT = "-//dispatch//dispatch-engine//EN"
MOST_OCTETS = 75
"""Of a line without its end (RFC 5545, 3.1)."""
LINE_END = "\r\n"
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
"""What would end a text or part it (RFC 5545, 3.3.11)."""
UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that no text of a calendar may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stretch of time in a calendar."""

    id: str
    """The same whenever the entry is told again, and nothing else's anywhere."""
    version: int
    """Counted up with every change, so that a program knows which of two is newer."""
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    position: Position | None = None
    cancelled: bool = False


def write_calendar(entries: Iterable[Entry], made_at: datetime) -> bytes:
    """A calendar of entries; moments are in UTC, so that nobody has to know our zone."""
    lines = (
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        *(line for entry in entries for line in _event(entry, made_at)),
        "END:VCALENDAR",
    )
    return "".join(_folded(line) + LINE_END for line in lines).encode()


def _event(entry: Entry, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.id)}"
    yield f"SEQUENCE:{entry.version}"
    yield f"DTSTAMP:{_moment(made_at)}"
    yield f"DTSTART:{_moment(entry.start)}"
    yield f"DTEND:{_moment(entry.end)}"
    yield f"SUMMARY:{_text(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    if entry.position is not None:
        yield f"GEO:{entry.position.lat:.6f};{entry.position.lon:.6f}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text).translate(ESCAPES)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, piece, octets = [], "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > MOST_OCTETS:
            pieces.append(piece)
            piece, octets = "", 1  # the blank that a line goes on after counts as well
        piece += character
        octets += size
    return f"{LINE_END} ".join((*pieces, piece))

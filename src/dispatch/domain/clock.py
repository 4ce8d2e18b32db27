"""Wall clocks and real time.

Python subtracts and compares two moments of one zone by their wall clocks, so an hour is lost or
won where the clocks change (PEP 495). Everything here goes through UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dispatch.errors import InvalidValue


def elapsed_s(start: datetime, end: datetime) -> int:
    """Real whole seconds from ``start`` to ``end``, rounded down; negative if ``end`` is before."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) // timedelta(seconds=1)


def after(start: datetime, seconds: int, zone: ZoneInfo) -> datetime:
    """The moment ``seconds`` later, with the offset that ``zone`` has then."""
    return fixed((start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone))


def fixed(moment: datetime) -> datetime:
    """The same moment and wall clock with a fixed offset, so that arithmetic on it is real."""
    offset = moment.utcoffset()
    if offset is None:
        raise InvalidValue("time.naive", field="time", value=moment.isoformat())
    return moment.replace(tzinfo=timezone(offset), fold=0)


def localise(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time of a zone as a moment with a fixed offset.

    Raises
    ------
    InvalidValue
        The clocks skip this time (``time.gap``), or show it twice (``time.fold``) so that only
        an offset can tell which is meant.
    """
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return fixed(first)
    returned = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    code = "time.fold" if returned == wall.replace(fold=0) else "time.gap"
    raise InvalidValue(code, value=wall.isoformat(sep=" "), zone=zone.key)

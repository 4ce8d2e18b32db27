"""Moments, dates and durations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NoReturn

from dispatch.domain import checks
from dispatch.domain.clock import fixed, localise
from dispatch.errors import InvalidValue
from dispatch.formats.tables.cells import Broken, Cell, shown, text_of
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.kinds.plain import number
from dispatch.formats.tables.locale import Locale

DATE = r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?"
CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?"
OFFSET = r"(Z|[+-]\d{2}:?\d{2})"
MOMENT = re.compile(rf"(?:{DATE})?[T\s]*(?:{CLOCK})?\s*{OFFSET}?", re.IGNORECASE)
SPAN = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
LAST_SERIAL = 109_938
"""The end of the year 2200."""


@dataclass(frozen=True, slots=True)
class Moment(Kind[datetime]):
    """A moment: the wall clock of the day's zone, or any clock with its offset from UTC."""

    def read(self, cell: Cell, locale: Locale, /) -> datetime:
        """The moment with a fixed offset."""
        if isinstance(cell, str):
            moment = _written(text_of(cell), cell, locale)
        else:
            moment = localise(_wall(cell, locale), locale.zone)
        checks.aware("time", moment)
        return moment

    def write(self, value: datetime, locale: Locale, /) -> Cell:
        """The wall clock; with its offset where the wall clock alone does not tell the moment."""
        wall = value.astimezone(locale.zone)
        naive = wall.replace(tzinfo=None, fold=0)
        if wall.microsecond:
            return wall.isoformat(sep=" ")
        try:
            localise(naive, locale.zone)
        except InvalidValue:
            return wall.isoformat(sep=" ")
        return naive


@dataclass(frozen=True, slots=True)
class Date(Kind[date]):
    """A calendar date."""

    def read(self, cell: Cell, locale: Locale, /) -> date:
        """The date, without a time."""
        if isinstance(cell, str):
            return calendar_date(text_of(cell))
        wall = _wall(cell, locale)
        if wall.time() != time():
            _no(cell, "cell.date")
        return wall.date()

    def write(self, value: date, _locale: Locale, /) -> Cell:
        """The date."""
        return value


@dataclass(frozen=True, slots=True)
class Clock(Kind[str]):
    """A time of day on every day: ``07:30``."""

    def read(self, cell: Cell, locale: Locale, /) -> str:
        """Hours and minutes, two digits each; what else is written stays for the value object."""
        if isinstance(cell, str):
            found = re.fullmatch(CLOCK, text_of(cell))
            return f"{int(found[1]):02d}:{found[2]}" if found else text_of(cell)
        if cell == 1:  # how a spreadsheet stores 24:00
            return "24:00"
        return f"{_wall(cell, replace(locale, on=locale.on or date(1970, 1, 1))):%H:%M}"

    def write(self, value: str, _locale: Locale, /) -> Cell:
        """The text."""
        return value


@dataclass(frozen=True, slots=True)
class Duration(Kind[int]):
    """Whole seconds, said as minutes (``90``) or as hours and minutes (``1:30``)."""

    low_s: int = 0

    def read(self, cell: Cell, _locale: Locale, /) -> int:
        """The seconds."""
        seconds = _seconds(cell)
        if not float(seconds).is_integer():
            raise InvalidValue("cell.duration", value=shown(cell))
        if not self.low_s <= seconds <= checks.LONGEST_S:
            low, high = span(self.low_s), span(checks.LONGEST_S)
            raise InvalidValue("cell.duration-range", value=shown(cell), low=low, high=high)
        return int(seconds)

    def write(self, value: int, _locale: Locale, /) -> Cell:
        """Minutes, or hours, minutes and seconds where they are not whole."""
        if value % 60 == 0:
            return value // 60
        return span(value) if value > 0 else value / 60


def calendar_date(text: str) -> date:
    """A date that is written year first.

    Raises
    ------
    InvalidValue
        ``cell.date``.
    """
    found = re.fullmatch(DATE, text)
    if found is None:
        raise InvalidValue("cell.date", value=text[:60])
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise InvalidValue("cell.date", value=text[:60]) from error


def span(seconds: int) -> str:
    """Seconds as ``h:mm``, or as ``h:mm:ss`` where they are not whole minutes."""
    minutes, rest = divmod(seconds, 60)
    whole = f"{minutes // 60}:{minutes % 60:02d}"
    return f"{whole}:{rest:02d}" if rest else whole


def _seconds(cell: Cell) -> float:
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    found = SPAN.fullmatch(text_of(cell)) if isinstance(cell, str) else None
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    try:
        return round(number(cell) * 60, 6)
    except InvalidValue as error:
        if isinstance(cell, Broken):
            raise
        raise InvalidValue("cell.duration", value=shown(cell)) from error


def _wall(cell: Cell, locale: Locale) -> datetime:
    """The wall clock of a cell that is no text: a date, a time of the file's day, a serial date."""
    if isinstance(cell, Broken):
        raise InvalidValue(cell.code)
    if isinstance(cell, datetime):
        return _whole_second(cell)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, time) and locale.on:
        return datetime.combine(locale.on, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < LAST_SERIAL:
        if cell >= 1:
            return _whole_second(locale.epoch + timedelta(days=cell))
        if locale.on:
            return _whole_second(datetime.combine(locale.on, time()) + timedelta(days=cell))
    raise InvalidValue("cell.time", value=shown(cell))


def _whole_second(moment: datetime) -> datetime:
    # A serial date is a binary fraction of a day: 08:00 comes back a few microseconds off.
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _written(text: str, cell: Cell, locale: Locale) -> datetime:
    found = MOMENT.fullmatch(text)
    if not text or found is None:
        _no(cell)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if year is None and (hour is None or locale.on is None):
        _no(cell)
    try:
        on = locale.on if year is None else date(int(year), int(month), int(day))
        if on is None or not checks.EARLIEST_YEAR <= on.year <= checks.LATEST_YEAR:
            _no(cell)
        wall = datetime.combine(on, time()) + _since_midnight(hour, minute, second, fraction)
        if offset is None:
            return localise(wall, locale.zone)
        return fixed(datetime.fromisoformat(wall.isoformat() + offset.upper()))
    except InvalidValue:
        raise
    except ValueError:
        _no(cell)


def _since_midnight(
    hour: str | None, minute: str | None, second: str | None, fraction: str | None
) -> timedelta:
    """The time of day; 24:00 is the end of the day."""
    since = timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=int(second or 0))
    if since > timedelta(days=1) or int(minute or 0) > 59 or int(second or 0) > 59:
        raise ValueError(hour)
    return since + timedelta(microseconds=int(float(fraction or 0) * 1e6 + 0.5))


def _no(cell: Cell, code: str = "cell.time") -> NoReturn:
    raise InvalidValue(code, value=shown(cell))

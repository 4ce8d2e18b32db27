"""The settings: what the day is called, when and where it is, what everything costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain.clock import localise
from dispatch.domain.datum import Datum
from dispatch.domain.day import Day
from dispatch.domain.named import BY_PRIORITY, CURRENCY, PRICES
from dispatch.domain.policy import Policy
from dispatch.errors import InvalidValue
from dispatch.formats.nearest import nearest
from dispatch.formats.tables.cells import Broken, is_blank, shown, text_of
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.grid import Grid
from dispatch.formats.tables.headings import Slot, every_heading, plain, slots_by_heading
from dispatch.formats.tables.layout import SETTINGS
from dispatch.formats.tables.locale import Locale
from dispatch.formats.tables.rows import Row, read_cell

FIRST = ("zone", "date", "currency", "datum")
"""What the other cells are read by."""
STAND_IN: dict[str, Any] = {
    "id": "day",
    "zone": "UTC",
    "start": datetime(1970, 1, 1, tzinfo=UTC),
    "end": datetime(1970, 1, 2, tzinfo=UTC),
}
"""For what is missing or wrong, until the file is refused for it."""
LOCALE = Locale(zone=ZoneInfo("UTC"), currency=Policy().currency, on=date(1970, 1, 1))


def read_settings(
    grid: Grid | None, found: Findings
) -> tuple[dict[str, Any], Locale, dict[Slot, Row]]:
    """The fields of a day that the settings hold, by what all other cells are read, and the rows.

    What is missing or wrong is reported and stood in for, so that the other sheets are read too.
    """
    if grid is None:
        return {**STAND_IN, "policy": Policy()}, LOCALE, {}
    cells = _cells(grid, found)
    locale = replace(LOCALE, on=None, epoch=grid.epoch)
    rows: dict[Slot, Row] = {}
    for slot in sorted(cells, key=lambda slot: slot[0] not in FIRST):
        number, cell, name = cells[slot]
        row = rows[slot] = Row(SETTINGS, grid.place(number), {slot: name})
        read_cell(row, slot, cell, locale, found)
        if slot[0] in FIRST:
            locale = _with(locale, slot[0], row, found)
    for column in SETTINGS.columns:
        if column.required and (column.key, 0) not in cells:
            found.add("settings.missing", grid.place(), name=every_heading(column.key))
    values = {slot: row.values[slot] for slot, row in rows.items() if slot in row.values}
    policy = _policy(values, rows, found)
    start, end = _span(values, rows, locale, grid, found)
    day = {key: values[key, 0] for key in ("id", "name") if (key, 0) in values}
    day |= {"zone": locale.zone.key, "start": start, "end": end, "policy": policy}
    return {**STAND_IN, **day}, locale, rows


def network_rows(rows: Mapping[Slot, Row]) -> dict[str, Row]:
    """The rows that say what holds for the whole network, by their names in a day."""
    named: dict[str, Row] = {}
    for slot, row in rows.items():
        key, priority = slot
        if slot not in row.values:
            continue
        if key == "zone":
            named["zone"] = row
        elif key in BY_PRIORITY:
            named[f"policy/{key}/{priority}"] = row
        elif key in PRICES:
            named[f"policy/{key}"] = row
    if named.keys() - {"zone"}:  # amounts are read in some currency, the usual one if not said
        named.setdefault(CURRENCY, named[min(named.keys() - {"zone"})])
    return named


def settings_values(day: Day) -> dict[Slot, Any]:
    """The settings of a day by slot."""
    values: dict[Slot, Any] = {
        ("id", 0): day.id,
        ("name", 0): day.name,
        ("zone", 0): day.zone,
        **_span_values(day),
        ("datum", 0): Datum.WGS84,
    }
    for key in PRICES:
        value = getattr(day.policy, key)
        if isinstance(value, Mapping):
            values |= {(key, priority): minor for priority, minor in value.items()}
        else:
            values[key, 0] = value
    return values


def _span_values(day: Day) -> dict[Slot, Any]:
    """When the planning window is; the date alone where it is the whole of one."""
    start = day.start.astimezone(day.zone_info)
    midnight = datetime.combine(start.date(), time())
    try:
        whole = [localise(midnight + timedelta(days=days), day.zone_info) for days in (0, 1)]
    except InvalidValue:  # clocks that change at midnight
        whole = []
    if whole == [day.start, day.end]:
        return {("date", 0): start.date()}
    return {("day_start", 0): day.start, ("day_end", 0): day.end}


def _cells(grid: Grid, found: Findings) -> dict[Slot, tuple[int, Any, str]]:
    """The value of each setting, with its row and the name as it is written."""
    known = slots_by_heading(SETTINGS)
    cells: dict[Slot, tuple[int, Any, str]] = {}
    for number, (name, *values) in grid.rows[1:]:
        if is_blank(name) or isinstance(name, Broken):
            found.add("settings.nameless", grid.place(number))
            continue
        slot = known.get(plain(text_of(name)))
        place = grid.place(number, shown(name))
        if slot is None:
            near = nearest(plain(text_of(name)), known)
            code = "settings.misspelt" if near else "settings.unknown"
            found.add(code, place, name=shown(name), near=near or "")
        elif slot in cells:
            found.add("settings.twice", place, name=shown(name))
        elif values and not is_blank(values[0]):
            cells[slot] = (number, values[0], shown(name))
    return cells


def _with(locale: Locale, key: str, row: Row, found: Findings) -> Locale:
    """The locale with one setting more; a date that cannot be read has a stand-in."""
    value = row.get(key)
    if key == "date":
        return replace(locale, on=value or LOCALE.on)
    if key == "currency":
        return replace(locale, currency=value or LOCALE.currency)
    if key == "datum":
        return replace(locale, datum=value or LOCALE.datum)
    try:
        return replace(locale, zone=ZoneInfo(value)) if value else locale
    except (KeyError, ValueError, OSError):
        row.wrong(found, "day.zone", "zone", value=value[:120])
        return locale


def _policy(values: Mapping[Slot, Any], rows: Mapping[Slot, Row], found: Findings) -> Policy:
    usual = Policy()
    given: dict[str, Any] = {key: values[key, 0] for key in PRICES if (key, 0) in values}
    for key in BY_PRIORITY:
        by_priority = {index: value for (name, index), value in values.items() if name == key}
        given[key] = {**getattr(usual, key), **by_priority}
    try:
        return Policy(**given)
    except InvalidValue as error:
        name = str(error.values.get("field", "policy.currency")).rpartition(".")[2]
        slot = max((slot for slot in rows if slot[0] in (name, "currency")), default=None)
        place = rows[slot].at(*slot) if slot else next(iter(rows.values())).place
        found.refused(error, place)
        return usual


def _span(
    values: Mapping[Slot, Any],
    rows: Mapping[Slot, Row],
    locale: Locale,
    grid: Grid,
    found: Findings,
) -> tuple[datetime, datetime]:
    """When the planning window starts and ends; the whole of ``date`` where that is not said."""
    start, end = values.get(("day_start", 0)), values.get(("day_end", 0))
    if locale.on and (start is None or end is None):
        midnight = datetime.combine(locale.on, time())
        try:
            start = start or localise(midnight, locale.zone)
            end = end or localise(midnight + timedelta(days=1), locale.zone)
        except InvalidValue as error:
            found.refused(error, grid.place())
    broken = any(row.broken for row in rows.values())
    if (start is None or end is None) and not broken:
        found.add("settings.span", grid.place())
    if start is None or end is None:
        return STAND_IN["start"], STAND_IN["end"]
    return start, end

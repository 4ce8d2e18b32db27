"""A day as sheets of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain.day import Day
from dispatch.domain.named import BY_PRIORITY
from dispatch.errors import InvalidValue, Place
from dispatch.formats.tables.cells import Cell, safe
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot, heading, sheet_name
from dispatch.formats.tables.layout import GRADE, SETTINGS, SHEETS, SKILL_MATRIX, Column, Sheet
from dispatch.formats.tables.locale import Locale
from dispatch.formats.tables.parts.crews import crew_rows
from dispatch.formats.tables.parts.jobs import job_type_values, job_values
from dispatch.formats.tables.parts.places import named_values, outlet_values, site_values
from dispatch.formats.tables.parts.settings import settings_values
from dispatch.formats.tables.parts.speeds import speed_values
from dispatch.formats.tables.parts.technicians import absence_rows, shift_rows, technician_values

USUAL_REPEATS = {"window": 2, "break": 1, "pin": 1, "published": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """One sheet, ready to be put in a file."""

    sheet: Sheet
    name: str
    columns: tuple[tuple[Column | None, str], ...]
    """What each column holds, and its heading; none for a skill."""
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()
    """Settings: the key of each row."""


def written(day: Day, lang: str, file: str | None = None) -> tuple[Written, ...]:
    """The sheets of a day.

    Raises
    ------
    InvalidInput
        ``cell.unwritable``: a text that no workbook can hold.
    """
    locale = Locale(ZoneInfo(day.zone), day.policy.currency, lang=lang)
    found = Findings(file)
    rows: dict[str, Iterable[Mapping[Slot, Any]]] = {
        "jobs": [job_values(job) for job in day.jobs],
        "crews": [*crew_rows("job_type", day.job_types), *crew_rows("job", day.jobs)],
        "technicians": [technician_values(technician) for technician in day.technicians],
        "shifts": list(shift_rows(day.technicians)),
        "absences": list(absence_rows(day.technicians)),
        "sites": [site_values(site) for site in day.sites],
        "job_types": [job_type_values(job_type) for job_type in day.job_types],
        "skills": [named_values(skill) for skill in day.skills],
        "territories": [named_values(territory) for territory in day.territories],
        "outlets": [outlet_values(outlet) for outlet in day.outlets],
        "speeds": [speed_values(speed) for speed in day.speeds],
    }
    sheets = [_settings(day, locale, found)]
    for sheet in SHEETS[1:]:
        if sheet is SKILL_MATRIX:
            sheets.append(_skill_matrix(day, locale))
        else:
            sheets.append(_sheet(sheet, list(rows[sheet.key]), locale, found))
    found.raise_if_any()
    return tuple(sheets)


def _sheet(
    sheet: Sheet, rows: list[Mapping[Slot, Any]], locale: Locale, found: Findings
) -> Written:
    slots = list(_slots(sheet, rows))
    name = sheet_name(sheet.key, locale.lang)
    return Written(
        sheet,
        name,
        tuple((column, heading(column.key, locale.lang, index)) for column, index in slots),
        tuple(
            tuple(
                _cell(column, row.get((column.key, index)), locale, found, name)
                for column, index in slots
            )
            for row in rows
        ),
    )


def _slots(sheet: Sheet, rows: list[Mapping[Slot, Any]]) -> Iterator[tuple[Column, int]]:
    """The columns in order; repeated ones that belong together stand together."""
    groups: list[str] = []
    for column in sheet.columns:
        group = column.key.partition("_")[0]
        if not column.repeated:
            yield column, 0
        elif group not in groups:
            groups.append(group)
            members = [
                other
                for other in sheet.columns
                if other.repeated and other.key.partition("_")[0] == group
            ]
            keys = {member.key for member in members}
            used = [index for row in rows for key, index in row if key in keys]
            for index in range(1, max([USUAL_REPEATS[group], *used]) + 1):
                yield from ((member, index) for member in members)


def _settings(day: Day, locale: Locale, found: Findings) -> Written:
    values = settings_values(day)
    name = sheet_name(SETTINGS.key, locale.lang)
    rows = []
    keys = []
    for column in SETTINGS.columns:
        for index in range(1, 6) if column.key in BY_PRIORITY else (0,):
            cell = _cell(column, values.get((column.key, index)), locale, found, name)
            rows.append((heading(column.key, locale.lang, index), cell))
            keys.append(column.key)
    columns = tuple((None, heading(key, locale.lang)) for key in ("setting", "value"))
    return Written(SETTINGS, name, columns, tuple(rows), tuple(keys))


def _skill_matrix(day: Day, locale: Locale) -> Written:
    listed = [skill.id for skill in day.skills]
    held = [held.skill for technician in day.technicians for held in technician.skills]
    skills = list(dict.fromkeys(listed + held))
    name = sheet_name(SKILL_MATRIX.key, locale.lang)
    rows: list[tuple[Cell, ...]] = []
    for technician in day.technicians:
        grades = {held.skill: (held.level, held.expires) for held in technician.skills}
        cells = (
            GRADE.write(grades[skill], locale) if skill in grades else None for skill in skills
        )
        rows.append((safe(technician.id), *cells))
    first = SKILL_MATRIX.columns[0]
    headings = [
        (first, heading(first.key, locale.lang)),
        *((None, safe(skill)) for skill in skills),
    ]
    return Written(SKILL_MATRIX, name, tuple(headings), tuple(rows))


def _cell(column: Column, value: Any, locale: Locale, found: Findings, sheet: str) -> Cell:
    if value is None:
        return None
    try:
        return column.kind.write(value, locale)
    except InvalidValue as error:
        place = Place(sheet=sheet, column=heading(column.key, locale.lang))
        found.refused(error, place)
        return None

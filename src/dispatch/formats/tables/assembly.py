"""A day out of the grids of one file or folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from dispatch.domain.datum import day_in_wgs84
from dispatch.domain.day import Day
from dispatch.domain.skill import Skill
from dispatch.errors import InvalidValue, Place
from dispatch.formats.nearest import nearest
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.grid import MOST_COLUMNS, MOST_ROWS, Grid
from dispatch.formats.tables.headings import every_name, is_about, plain, sheets_by_name
from dispatch.formats.tables.layout import SETTINGS, SHEETS, Sheet
from dispatch.formats.tables.locale import Locale
from dispatch.formats.tables.parts import crews, jobs, places, settings, speeds, technicians
from dispatch.formats.tables.placed import PlacedDay, rows_by_pointer
from dispatch.formats.tables.references import check_references, check_twice
from dispatch.formats.tables.rows import Row, read_rows

T = TypeVar("T")
MOST_MERGED = 20
IGNORED = "#"
"""A sheet whose name begins so is the user's own."""


def assemble(grids: Iterable[Grid], file: str | None, found: Findings) -> PlacedDay:
    """The day that the sheets hold, and where.

    Raises
    ------
    InvalidInput
        Everything that is wrong in any of them.
    """
    by_key = _by_sheet(grids, file, found)
    header, locale, set_rows = settings.read_settings(by_key.get(SETTINGS.key), found)
    tables = {sheet.key: _rows(sheet, by_key.get(sheet.key), locale, found) for sheet in SHEETS[1:]}
    parts = _parts(tables, by_key, found)
    try:
        day = Day(**header, **parts)
    except InvalidValue as error:
        found.refused(error, by_key[SETTINGS.key].place())
    found.raise_if_any()
    network = settings.network_rows(set_rows)
    if day.speeds:
        network["speeds"] = tables["speeds"][0]
    rows = rows_by_pointer(tables) | {f"/{name}": row for name, row in network.items()}
    return PlacedDay(day_in_wgs84(day, locale.datum), rows, frozenset(network))


def _by_sheet(grids: Iterable[Grid], file: str | None, found: Findings) -> dict[str, Grid]:
    known = sheets_by_name()
    by_key: dict[str, Grid] = {}
    for grid in grids:
        sheet = known.get(plain(grid.name))
        if is_about(grid.name) or grid.name.startswith(IGNORED):
            continue
        if sheet is None:
            near = nearest(plain(grid.name), known)
            code = "table.sheet-misspelt" if near else "table.sheet-unknown"
            found.add(code, grid.place(), name=grid.name[:60], near=near or "")
        elif sheet.key in by_key:
            found.add("table.sheet-twice", grid.place(), name=by_key[sheet.key].name)
        else:
            by_key[sheet.key] = grid
            _check_shape(grid, found)
    for sheet in SHEETS:
        if sheet.required and sheet.key not in by_key:
            found.add("table.sheet-missing", Place(file=file), name=every_name(sheet.key))
    return by_key


def _check_shape(grid: Grid, found: Findings) -> None:
    for area in grid.merged[:MOST_MERGED]:
        found.add("sheet.merged", grid.place(), area=area)
    widest = max((len(cells) for _, cells in grid.rows), default=0)
    if len(grid.rows) > MOST_ROWS or widest > MOST_COLUMNS:
        found.add("sheet.size", grid.place(), rows=MOST_ROWS, columns=MOST_COLUMNS)
        found.raise_if_any()


def _rows(sheet: Sheet, grid: Grid | None, locale: Locale, found: Findings) -> list[Row]:
    if grid is None:
        return []
    return read_rows(sheet, grid, replace(locale, epoch=grid.epoch), found)


def _parts(
    tables: Mapping[str, Sequence[Row]], by_key: Mapping[str, Grid], found: Findings
) -> dict[str, Any]:
    for sheet in SHEETS:
        if sheet.identity:
            check_twice(sheet, tables[sheet.key], found)
    skills = _skills(tables, by_key, found)
    check_references(tables, _known(tables, by_key, skills), found)
    seats = crews.seats_by_owner(tables["crews"], found)

    def own_seats(owner: str, row: Row) -> list[Row]:
        return seats.get((owner, row.get("id")), [])

    return {
        "skills": skills,
        "territories": _made(tables["territories"], places.read_territory, found),
        "outlets": _made(tables["outlets"], places.read_outlet, found),
        "speeds": _made(tables["speeds"], speeds.read_speed, found),
        "sites": _made(tables["sites"], places.read_site, found),
        "job_types": _made(
            tables["job_types"],
            lambda row, found: jobs.read_job_type(row, own_seats("job_type", row), found),
            found,
        ),
        "technicians": tuple(_technicians(tables, found)),
        "jobs": _made(
            tables["jobs"],
            lambda row, found: jobs.read_job(row, own_seats("job", row), found),
            found,
        ),
    }


def _made(
    rows: Sequence[Row], read: Callable[[Row, Findings], T | None], found: Findings
) -> tuple[T, ...]:
    made = (read(row, found) for row in rows)
    return tuple(thing for thing in made if thing is not None)


def _technicians(tables: Mapping[str, Sequence[Row]], found: Findings) -> Iterator[Any]:
    def own(sheet: str) -> dict[str, list[Row]]:
        by_technician: dict[str, list[Row]] = {}
        for row in tables[sheet]:
            by_technician.setdefault(row.get("technician", ""), []).append(row)
        return by_technician

    matrix, shifts, absences = own("skill_matrix"), own("shifts"), own("absences")
    for row in tables["technicians"]:
        name = row.get("id", "")
        grades = matrix.get(name, [])[:1]
        made = technicians.read_technician(
            row,
            found,
            skills=tuple(
                held for grade in grades for held in technicians.read_skills(grade, found)
            ),
            shifts=_made(shifts.get(name, []), technicians.read_shift, found),
            absences=_made(absences.get(name, []), technicians.read_absence, found),
        )
        if made:
            yield made


def _skills(
    tables: Mapping[str, Sequence[Row]], by_key: Mapping[str, Grid], found: Findings
) -> tuple[Skill, ...]:
    """The skill list; without a sheet of its own, the headings of the skill matrix."""
    if "skills" in by_key:
        return _made(tables["skills"], places.read_skill, found)
    names = {skill: None for row in tables["skill_matrix"] for skill in row.grades}
    return tuple(Skill(id=name) for name in names)


def _known(
    tables: Mapping[str, Sequence[Row]], by_key: Mapping[str, Grid], skills: tuple[Skill, ...]
) -> dict[str, set[str]]:
    """The ids by sheet, without those sheets whose ids could not be read at all."""
    known = {
        sheet.key: {row.get("id") for row in tables[sheet.key]} - {None}
        for sheet in SHEETS[1:]
        if sheet.key in by_key or not sheet.required
        if all(("id", 0) in row.headings for row in tables[sheet.key][:1])
    }
    return {**known, "skills": {skill.id for skill in skills}}

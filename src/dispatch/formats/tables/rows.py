"""Rows of typed values, out of grids of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dispatch.errors import InvalidValue, Place
from dispatch.formats.nearest import nearest
from dispatch.formats.tables.cells import Broken, is_blank, shown, text_of
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.grid import Grid
from dispatch.formats.tables.headings import Slot, every_heading, heading, plain, slots_by_heading
from dispatch.formats.tables.layout import GRADE, Column, Sheet
from dispatch.formats.tables.locale import Locale

T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """One row: its values by column, and where it stands."""

    sheet: Sheet
    place: Place
    headings: Mapping[Slot, str]
    values: dict[Slot, Any] = field(default_factory=dict)
    grades: dict[str, Any] = field(default_factory=dict)
    """Skill matrix: the cells by skill."""
    broken: set[Slot] = field(default_factory=set)
    """Columns in which something is wrong."""

    def get(self, key: str, default: Any = None, index: int = 0) -> Any:
        """The value of a column; ``default`` where its cell is empty."""
        return self.values.get((key, index), default)

    def given(self, *keys: str) -> dict[str, Any]:
        """The values of those columns that have one."""
        return self.renamed({key: key for key in keys})

    def renamed(self, names: Mapping[str, str], index: int = 0) -> dict[str, Any]:
        """The same, under the names of a value object's fields."""
        return {
            name: self.values[key, index]
            for name, key in names.items()
            if (key, index) in self.values
        }

    def indices(self, prefix: str) -> list[int]:
        """The numbers of the repeated columns of one kind that have a value."""
        keys = {column.key for column in self.sheet.columns if column.key.startswith(prefix)}
        used = set(self.values) | self.broken
        return sorted({index for key, index in used if key in keys})

    def at(self, key: str, index: int = 0) -> Place:
        """The place of one cell."""
        column = self.headings.get((key, index)) or self._usual_heading(key, index)
        return Place(
            file=self.place.file, sheet=self.place.sheet, row=self.place.row, column=column
        )

    def _usual_heading(self, key: str, index: int) -> str:
        known = any(column.key == key for column in self.sheet.columns)
        return heading(key, "en", index) if known else shown(key)

    def wrong(self, found: Findings, code: str, key: str, index: int = 0, **values: Any) -> None:
        """Note that something is wrong in a cell."""
        self.broken.add((key, index))
        found.add(code, self.at(key, index), **values)

    def build(
        self, found: Findings, make: Callable[..., T], fields: Mapping[str, Any], blame: Slot
    ) -> T | None:
        """A value object of this row; none, and a finding at the cell to blame, if it refuses."""
        try:
            return make(**fields)
        except InvalidValue as error:
            named = str(error.values.get("field", "")).split(".")
            keys = [key for key in named if (key, blame[1]) in self.headings]
            slot = (keys[-1], blame[1]) if keys else blame
            self.broken.add(slot)
            found.refused(error, self.at(*slot))
            return None


def read_rows(sheet: Sheet, grid: Grid, locale: Locale, found: Findings) -> list[Row]:
    """The rows of a sheet, below its headings."""
    if not grid.rows:
        found.add("sheet.empty", grid.place())
        return []
    (number, header), *body = grid.rows
    slots, skills = read_header(sheet, grid, number, header, found)
    headings = {slot: shown(header[column]).rstrip(" *") for column, slot in slots.items()}
    for column in sheet.columns:
        present = any(key == column.key for key, _ in slots.values())
        if column.required and not present:
            found.add("sheet.column-missing", grid.place(number), name=every_heading(column.key))
    rows = []
    for number, cells in body:
        row = Row(sheet, grid.place(number), headings)
        for at, cell in enumerate(cells):
            if is_blank(cell):
                continue
            if at in slots:
                read_cell(row, slots[at], cell, locale, found)
            elif at in skills:
                _read_grade(row, skills[at], cell, locale, found)
            elif at >= len(header) or is_blank(header[at]):
                found.add("sheet.heading-missing", grid.place(number, letter(at)))
        _require(row, found)
        rows.append(row)
    return rows


def read_header(
    sheet: Sheet, grid: Grid, number: int, header: tuple[Any, ...], found: Findings
) -> tuple[dict[int, Slot], dict[int, str]]:
    """Which column holds what, and which one is a skill of the skill matrix."""
    known = slots_by_heading(sheet)
    slots: dict[int, Slot] = {}
    skills: dict[int, str] = {}
    for at, cell in enumerate(header):
        if is_blank(cell):
            continue
        if isinstance(cell, Broken):
            found.add(cell.code, grid.place(number, letter(at)))
            continue
        name = text_of(cell)
        slot = known.get(plain(name))
        place = grid.place(number, shown(name))
        if slot in slots.values() or name in skills.values():
            found.add("sheet.column-twice", place, name=shown(name))
        elif slot:
            slots[at] = slot
        elif sheet.open:
            skills[at] = name
        else:
            _unknown(plain(name), known, place, found)
    return slots, skills


def read_cell(row: Row, slot: Slot, cell: Any, locale: Locale, found: Findings) -> None:
    """Read one cell into its row."""
    try:
        row.values[slot] = row.sheet.column(slot[0]).kind.read(cell, locale)
    except InvalidValue as error:
        row.broken.add(slot)
        found.refused(error, row.at(*slot))


def letter(column: int) -> str:
    """The letter of a column (0-based) as a spreadsheet shows it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def columns_of(row: Row) -> Iterator[tuple[Slot, Column, Any]]:
    """Every value of a row with its column."""
    for slot, value in row.values.items():
        yield slot, row.sheet.column(slot[0]), value


def _read_grade(row: Row, skill: str, cell: Any, locale: Locale, found: Findings) -> None:
    try:
        row.grades[skill] = GRADE.read(cell, locale)
    except InvalidValue as error:
        row.broken.add((skill, 0))
        found.refused(error, row.at(skill))


def _require(row: Row, found: Findings) -> None:
    for column in row.sheet.columns:
        slot = (column.key, 0)
        if not column.required or slot in row.values or slot in row.broken:
            continue
        if slot in row.headings:
            row.wrong(found, "cell.missing", column.key)
        else:
            row.broken.add(slot)  # the missing column has been reported once for all rows


def _unknown(name: str, known: Mapping[str, Slot], place: Place, found: Findings) -> None:
    near = nearest(name, known)
    if near:
        found.add("sheet.column-misspelt", place, name=name[:60], near=near)
    else:
        found.add("sheet.column-unknown", place, name=name[:60])

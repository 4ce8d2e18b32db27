"""Ids that stand twice, and ids that name nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from dispatch.domain.shift import Anchor, AnchorKind
from dispatch.formats.nearest import nearest
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot, every_name
from dispatch.formats.tables.layout import SHEETS, Sheet
from dispatch.formats.tables.rows import Row, columns_of

PLACES = {AnchorKind.OUTLET: "outlets", AnchorKind.SITE: "sites"}


def check_twice(sheet: Sheet, rows: Sequence[Row], found: Findings) -> None:
    """Report every row whose identity an earlier one has."""
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        identity = tuple(row.get(key) for key in sheet.identity)
        if any(identity):
            before = first.setdefault(identity, row)
            if before is not row:
                shown = ", ".join(str(part) for part in identity if part)
                row.wrong(
                    found,
                    "cell.twice",
                    sheet.identity[-1],
                    value=shown[:120],
                    row=before.place.row or 0,
                )


def check_references(
    tables: Mapping[str, Sequence[Row]], known: Mapping[str, set[str]], found: Findings
) -> None:
    """Report every id that names no row of the sheet it should name one of.

    Parameters
    ----------
    known
        The ids by sheet; a sheet that is not there at all has no entry, and is reported as such.
    """
    every_row = (row for sheet in SHEETS[1:] for row in tables[sheet.key])
    every_reference = chain.from_iterable(_references(row) for row in every_row)
    for row, slot, name, sheet in every_reference:
        if sheet in known and name not in known[sheet]:
            near = nearest(name, known[sheet])
            code = "cell.misspelt" if near else "cell.unknown"
            row.wrong(
                found, code, *slot, value=name[:120], sheet=every_name(sheet), near=near or ""
            )
    _check_pins(tables, found)


def _references(row: Row) -> Iterator[tuple[Row, Slot, str, str]]:
    """Where a row names which id of which sheet."""
    for slot, column, value in columns_of(row):
        if isinstance(value, Anchor) and value.id is not None:
            yield row, slot, value.id, PLACES[value.kind]
        elif column.refers:
            for name in column.kind.names(value):
                yield row, slot, name, column.refers
    for skill in row.grades:
        yield row, (skill, 0), skill, "skills"


def _check_pins(tables: Mapping[str, Sequence[Row]], found: Findings) -> None:
    shifts = {(row.get("technician"), row.get("shift")) for row in tables["shifts"]}
    for row in tables["jobs"]:
        for index in row.indices("pin_"):
            technician = row.get("pin_technician", index=index)
            shift = row.get("pin_shift", index=index)
            if technician and shift and (technician, shift) not in shifts:
                row.wrong(
                    found, "cell.pin-shift", "pin_shift", index, value=shift, technician=technician
                )

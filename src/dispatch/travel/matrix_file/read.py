"""Matrix files in JSON, NPZ and CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.errors import Finding, InvalidInput, Place, Unavailable
from dispatch.travel.bounds import MAX_PLACES, refuse
from dispatch.travel.ellipsoid import Floats
from dispatch.travel.matrix_file.table import LIMIT, Table, findings_in

MAX_BYTES = 1_000_000_000
COLUMNS = ("from", "to", "seconds", "metres")
PARTS = ("places", "seconds", "metres")


def read_table(path: Path) -> Table:
    """The travel matrix in a file.

    Parameters
    ----------
    path
        ``.csv``: a line ``from,to,seconds,metres`` for each pair. ``.npz``: the arrays ``places``
        (places,), ``seconds`` and ``metres`` (places, places). Otherwise JSON, an object with the
        same three. Row = from, column = to.

    Raises
    ------
    Unavailable
        ``travel.file.missing``, ``travel.file.unreadable``
    InvalidInput
        All that is wrong: ``travel.matrix.*``, ``travel.places.too_many``.
    """
    content = content_of(path)
    match path.suffix.lower():
        case ".csv":
            table = from_csv(content, str(path))
        case ".npz":
            table = from_npz(content, str(path))
        case _:
            table = from_json(content, str(path))
    refuse(findings_in(table, str(path)))
    return table


def content_of(path: Path) -> bytes:
    """The bytes of a file, no more than `MAX_BYTES`."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unavailable("travel.file.missing", file=str(path)) from error
    if len(content) > MAX_BYTES:
        reason = f"> {MAX_BYTES:,} bytes"
        raise Unavailable("travel.file.unreadable", file=str(path), reason=reason)
    return content


def from_json(content: bytes, file: str) -> Table:
    """A table out of JSON."""
    try:
        found: Any = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise not_a_matrix(file, str(error)) from error
    if not isinstance(found, dict):
        raise not_a_matrix(file, "no object")
    return from_parts(found, file)


def from_npz(content: bytes, file: str) -> Table:
    """A table out of an archive of arrays."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            found = {name: stored[name].tolist() for name in PARTS if name in stored}
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, AttributeError) as error:
        raise not_a_matrix(file, str(error)) from error
    return from_parts(found, file)


def from_parts(found: dict[str, Any], file: str) -> Table:
    """A table out of its three parts, which may be anything."""
    missing = [name for name in PARTS if name not in found]
    if missing:
        raise not_a_matrix(file, f"{', '.join(missing)}?")
    ids = found["places"]
    if not (isinstance(ids, list) and all(isinstance(each, str) and each for each in ids)):
        raise InvalidInput([Finding("travel.matrix.places", Place(file=file, pointer="/places"))])
    tables = [as_numbers(found[part]) for part in ("seconds", "metres")]
    return Table(tuple(ids), *tables)


def as_numbers(rows: object) -> Floats:
    """Rows of numbers as an array; an empty one if they are ragged or anything else."""
    try:
        table = np.array(rows)
    except ValueError:  # ragged
        return np.empty(0)
    if table.size == 0 and isinstance(rows, list) and not rows:
        return np.empty((0, 0))
    return table.astype(np.float64) if table.dtype.kind in "iuf" else np.empty(0)


def from_csv(content: bytes, file: str) -> Table:
    """A table out of one line for each pair of places."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise not_a_matrix(file, f"{', '.join(missing)}?")
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise not_a_matrix(file, str(error)) from error
    refuse(findings_in_rows(rows, file))
    ids = tuple(dict.fromkeys(row[end] for row in rows for end in ("from", "to")))
    if len(ids) > MAX_PLACES:
        return Table(ids, np.empty(0), np.empty(0))
    number = {id_: place for place, id_ in enumerate(ids)}
    tables = np.full((2, len(ids), len(ids)), np.nan)
    for row in rows:
        pair = number[row["from"]], number[row["to"]]
        tables[:, *pair] = float(row["seconds"]), float(row["metres"])
    for table in tables:
        np.fill_diagonal(table, np.nan_to_num(np.diag(table), nan=0.0))
    refuse(missing_pairs(ids, tables[0], file))
    return Table(ids, tables[0], tables[1])


def findings_in_rows(rows: list[dict[str, Any]], file: str) -> Iterator[Finding]:
    """What is wrong line by line."""
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, start=2):
        pair = (row["from"], row["to"])
        if not all(pair):
            yield Finding("travel.matrix.places", Place(file=file, row=line))
            continue
        if pair in seen:
            place = Place(file=file, row=line)
            yield Finding("travel.matrix.twice", place, {"id": " → ".join(pair)})
        seen.add(pair)
        for part in ("seconds", "metres"):
            if not is_proper(row[part]):
                place = Place(file=file, row=line, column=part)
                ends = {"origin": pair[0], "destination": pair[1]}
                values = {"part": part, "value": str(row[part]), "limit": LIMIT, **ends}
                yield Finding("travel.matrix.number", place, values)


def is_proper(text: str | None) -> bool:
    """A number from 0 to the limit."""
    try:
        return text is not None and 0 <= float(text) <= LIMIT
    except ValueError:
        return False


def missing_pairs(ids: tuple[str, ...], seconds: Floats, file: str) -> Iterator[Finding]:
    """Pairs of places that no line names."""
    for row, column in permutations(range(len(ids)), 2):
        if np.isnan(seconds[row, column]):
            values = {"origin": ids[row], "destination": ids[column]}
            yield Finding("travel.matrix.pair", Place(file=file), values)


def not_a_matrix(file: str, reason: str) -> InvalidInput:
    """The error for a file of another kind."""
    return InvalidInput([Finding("travel.matrix.form", Place(file=file), {"reason": reason})])

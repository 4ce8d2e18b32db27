"""What a matrix file holds, and what must be right about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.errors import Finding, Place, Value
from dispatch.travel.bounds import MAX_PLACES
from dispatch.travel.ellipsoid import Floats

LIMIT = 10_000_000
"""Of any one number: 115 days, or a quarter of the way round the Earth."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Seconds and metres between places, by their ids."""

    ids: tuple[str, ...]
    seconds: Floats
    """(places, places), row = from."""
    metres: Floats
    """(places, places), row = from."""


def findings_in(table: Table, file: str) -> Iterator[Finding]:
    """All that is wrong with a table."""
    place = Place(file=file)
    if len(table.ids) > MAX_PLACES:
        count = {"count": len(table.ids), "limit": MAX_PLACES}
        yield Finding("travel.places.too_many", place, count)
    for id_ in (each for each, times in Counter(table.ids).items() if times > 1):
        yield Finding("travel.matrix.twice", place, {"id": id_})
    for part, numbers in (("seconds", table.seconds), ("metres", table.metres)):
        if numbers.shape != (len(table.ids),) * 2:
            shape: dict[str, Value] = {"part": part, "size": len(table.ids)}
            yield Finding("travel.matrix.shape", place, shape)
            continue
        yield from wrong_numbers(table.ids, part, numbers, place)


def wrong_numbers(
    ids: Sequence[str], part: str, numbers: Floats, place: Place
) -> Iterator[Finding]:
    """Numbers that are no times or distances, and a way from a place to itself."""
    proper = (numbers >= 0) & (numbers <= LIMIT)  # false for NaN
    for row, column in np.argwhere(~proper).tolist():
        values: dict[str, Value] = {
            "part": part,
            "origin": ids[row],
            "destination": ids[column],
            "value": float(numbers[row, column]),
            "limit": LIMIT,
        }
        yield Finding("travel.matrix.number", place, values)
    for here in np.flatnonzero(np.diag(proper) & (np.diag(numbers) != 0)).tolist():
        values = {"part": part, "id": ids[here], "value": float(numbers[here, here])}
        yield Finding("travel.matrix.diagonal", place, values)

"""A function of every pair of two lists, worked out once for each pair of distinct entries."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Row = TypeVar("Row")
Column = TypeVar("Column")
Number = TypeVar("Number", bound=np.generic)


def _itself(entry: Any) -> Hashable:
    key: Hashable = entry
    return key


def tabulate(
    rows: Sequence[Row],
    columns: Sequence[Column],
    function: Callable[[Row, Column], object],
    dtype: type[Number],
    *,
    key_of_row: Callable[[Row], Hashable] = _itself,
    key_of_column: Callable[[Column], Hashable] = _itself,
) -> npt.NDArray[Number]:
    """``function(row, column)`` of all pairs, (rows, columns).

    Entries with one key count as one; without a key function an entry is its own key. A day of
    10,000 visits asks for a few dozen different things, so this is far less than all pairs.
    """
    row_firsts, row_index = _distinct(rows, key_of_row)
    column_firsts, column_index = _distinct(columns, key_of_column)
    small = np.array(
        [[function(row, column) for column in column_firsts] for row in row_firsts], dtype=dtype
    ).reshape(len(row_firsts), len(column_firsts))
    return small[np.ix_(row_index, column_index)]


def _distinct(
    entries: Sequence[Row], key: Callable[[Row], Hashable]
) -> tuple[list[Row], npt.NDArray[np.int64]]:
    numbers: dict[Hashable, int] = {}
    firsts: list[Row] = []
    index = np.zeros(len(entries), dtype=np.int64)
    for at, entry in enumerate(entries):
        number = numbers.setdefault(key(entry), len(firsts))
        if number == len(firsts):
            firsts.append(entry)
        index[at] = number
    return firsts, index

"""Which rows of a problem's arrays a part of it keeps, and the arrays that are left."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.problem import Problem
from dispatch.solver.problem_fields import FIELDS, Axis, Field, part_of

Kept: TypeAlias = dict[Axis, Ints]
"""Row numbers along each axis."""
Arrays: TypeAlias = dict[str, dict[str, Any]]
"""By part of a problem and by name, as `problem_fields.FIELDS`."""

POOLED = (Axis.PLACES, Axis.PROFILES)
"""Belong to nobody: those are kept that something kept refers to."""


def complete(problem: Problem, kept: Kept) -> Kept:
    """All axes, where vehicles, visits and groups are chosen.

    Of links, breaks and whatever else refers to them, those rows stay whose every reference stays.
    """
    kept = dict(kept)
    kept[Axis.DIMENSIONS] = np.arange(problem.vehicles.capacity.shape[1])
    for axis in POOLED:
        kept[axis] = _referred(problem, kept, axis)
    for axis in (axis for axis in Axis if axis not in kept):
        kept[axis] = _fenced(problem, kept, axis) if _fence(axis) else _rows(problem, kept, axis)
    return kept


def arrays_of(problem: Problem, kept: Kept) -> Arrays:
    """Every field, cut down; indices are those of the part, -1 where what they named is gone."""
    return {
        part: {
            name: _cut(getattr(part_of(problem, part), name), field, kept)
            for name, field in fields.items()
        }
        for part, fields in FIELDS.items()
    }


def problem_from(problem: Problem, arrays: Arrays) -> Problem:
    """A problem of the same make with other arrays, checked like any."""
    values = {part: dict(fields) for part, fields in arrays.items()}
    for part in sorted(filter(None, values), key=lambda path: -path.count("/")):
        parent, _, name = part.rpartition("/")
        values[parent][name] = type(part_of(problem, part))(**values[part])
    return Problem(**values[""])


def _cut(values: Any, field: Field, kept: Kept) -> Any:
    if not field.axes:
        return values
    if field.fence:
        rows = kept[field.axes[0]]
        return np.concatenate(([0], np.cumsum(values[rows + 1] - values[rows])))
    cut = values[np.ix_(*(kept[axis] for axis in field.axes))]
    return cut if field.numbers is None else _renumbered(cut, kept[field.numbers])


def _renumbered(indices: Ints, kept: Ints) -> Ints:
    """Positions among what is kept; -1 for what is not, and for what was no index."""
    numbers = np.full(max(indices.max(initial=-1), kept.max(initial=-1)) + 2, -1, dtype=np.int64)
    numbers[kept] = np.arange(len(kept))
    return numbers[indices]  # -1 reads the last one, which is always -1


def _references(axis: Axis) -> list[tuple[str, str, Field]]:
    """The fields that hold indices along an axis."""
    return [
        (part, name, field)
        for part, fields in FIELDS.items()
        for name, field in fields.items()
        if field.numbers is axis and not field.fence
    ]


def _referred(problem: Problem, kept: Kept, axis: Axis) -> Ints:
    """What rows of vehicles and visits that are kept refer to."""
    found = [
        getattr(part_of(problem, part), name)[kept[field.axes[0]]]
        for part, name, field in _references(axis)
        if field.axes[0] in kept
    ]
    used = np.unique(np.concatenate(found))
    return used[used >= 0]


def _fence(axis: Axis) -> tuple[str, str, Field] | None:
    """The field that says which entries along an axis belong together, if there is one."""
    return next(
        (
            (part, name, field)
            for part, fields in FIELDS.items()
            for name, field in fields.items()
            if field.fence and field.numbers is axis
        ),
        None,
    )


def _fenced(problem: Problem, kept: Kept, axis: Axis) -> Ints:
    found = _fence(axis)
    if found is None:
        return np.zeros(0, dtype=np.int64)
    part, name, field = found
    fence: Ints = getattr(part_of(problem, part), name)
    rows = kept[field.axes[0]]
    return np.concatenate(
        [np.zeros(0, np.int64), *(np.arange(fence[row], fence[row + 1]) for row in rows)]
    )


def _rows(problem: Problem, kept: Kept, axis: Axis) -> Ints:
    """Rows along an axis of which every necessary reference is kept."""
    stays: Bools | None = None
    for part, fields in FIELDS.items():
        for name, field in fields.items():
            if field.axes != (axis,) or field.numbers not in kept or field.low < 0:
                continue
            values: npt.NDArray[np.int64] = getattr(part_of(problem, part), name)
            here = np.isin(values, kept[field.numbers])
            stays = here if stays is None else stays & here
    return np.flatnonzero(stays) if stays is not None else np.zeros(0, dtype=np.int64)

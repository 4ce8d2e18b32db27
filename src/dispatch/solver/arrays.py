"""How anything that looks like numbers becomes a read-only integer array, or a finding."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.errors import Finding, Place

Ints: TypeAlias = npt.NDArray[np.int64]
AnyInts: TypeAlias = npt.NDArray[np.signedinteger[Any]]
"""Where there are so many that a problem keeps them in 32 bits: widen before you multiply."""
Bools: TypeAlias = npt.NDArray[np.bool_]

NEVER = 2**40
"""A time, duration or count that no plan reaches: no limit."""
LONGEST = 2**30
"""Seconds or metres of one way or one visit: two of them fit into 32 bits."""
HIGHEST_PRICE = 2**50
"""No single price is higher, so that sums stay inside int64."""


class Refused(Exception):
    """A value is not what a field holds; carries the finding."""

    def __init__(self, code: str, field: str, **values: str | float) -> None:
        self.finding = Finding(
            f"problem.{code}", Place(pointer=f"/{field}"), {"field": field, **values}
        )
        super().__init__(str(self.finding))


def integers(
    field: str,
    values: object,
    shape: tuple[int, ...],
    low: int = 0,
    high: int = NEVER,
    *,
    kind: type[np.generic] = np.int64,
) -> npt.NDArray[Any]:
    """``values`` as a read-only array of ``shape`` with every entry from low to high.

    An array that is so already, and that nobody can write to, is kept and not copied.

    Raises
    ------
    Refused
        Ragged, of another shape, not numbers, not whole, not finite, or out of range.
    """
    array = _regular(field, values)
    if array.shape != shape:
        raise Refused("shape", field, found=str(array.shape), wanted=str(shape))
    if not array.size:
        array = array.astype(kind)
    if array.dtype.kind not in "iuf":
        raise Refused("not-number", field, found=str(array.dtype))
    if array.dtype.kind == "f":
        _check_whole(field, array)
    if array.size and (array.min() < low or array.max() > high):
        at = _first((array < low) | (array > high))
        raise Refused("range", field, at=str(at), value=str(array[at]), low=low, high=high)
    return _kept(array, kind)


def booleans(field: str, values: object, shape: tuple[int, ...]) -> Bools:
    """``values`` as a read-only bool array of ``shape``; raises :class:`Refused`."""
    array = _regular(field, values)
    if array.shape != shape:
        raise Refused("shape", field, found=str(array.shape), wanted=str(shape))
    if array.size and array.dtype.kind != "b":
        raise Refused("not-boolean", field, found=str(array.dtype))
    return _kept(array, np.bool_)


def _kept(array: npt.NDArray[Any], kind: type[np.generic]) -> npt.NDArray[Any]:
    """A copy of one kind in one order, or the array itself where that would change nothing."""
    if array.dtype == kind and array.flags.c_contiguous and _is_frozen(array):
        return array
    result = array.astype(kind, order="C")
    result.setflags(write=False)
    return result


def _is_frozen(array: npt.NDArray[Any]) -> bool:
    """Whether neither it nor what it is a view of can be written to."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return False
        owner = owner.base
    return True


def _regular(field: str, values: object) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except (ValueError, OverflowError, TypeError):
        raise Refused("ragged", field) from None


def _check_whole(field: str, array: npt.NDArray[Any]) -> None:
    numbers = array.astype(np.float64)
    for code, wrong in (
        ("not-finite", ~np.isfinite(numbers)),
        ("not-whole", numbers != np.floor(numbers)),
    ):
        if wrong.any():
            at = _first(wrong)
            raise Refused(code, field, at=str(at), value=str(array[at]))


def _first(where: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(index) for index in np.argwhere(where)[0])

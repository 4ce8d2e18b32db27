"""How much time is missing for a visit in a shift. The three rules of time are told with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.planning.duty import Duty
from dispatch.planning.visit import Visit

Seconds: TypeAlias = int | npt.NDArray[np.int64]
"""One number, or numbers of any shape that broadcasts to (visits, duties)."""

HOPELESS_S = 2**40
"""No window at all."""


def late_s(
    windows: Sequence[tuple[Seconds, Seconds]],
    stretches: Sequence[tuple[Seconds, Seconds]],
    *,
    out_s: Seconds,
    work_s: Seconds,
    back_s: Seconds,
) -> Seconds:
    """Seconds by which a visit misses fitting into a duty that has nothing else to do.

    Parameters
    ----------
    windows
        First and last second of the start, for each of a visit's windows.
    stretches
        First and last second of each stretch of the duty, in order.
    out_s, work_s, back_s
        The way there, set-up and work, the way back.

    Returns
    -------
    Seconds
        0 or less if it fits.
    """
    ready = stretches[0][0] + out_s
    latest = reduce(np.maximum, [until for _, until in stretches]) - back_s
    least: Seconds = HOPELESS_S
    for first, last in windows:
        for begin, until in stretches:
            start = np.maximum(np.maximum(first, begin), ready)
            end = start + work_s
            late = np.maximum(start - last, end - np.minimum(until, latest))
            least = np.minimum(least, late)
    return least


def late_alone_s(visit: Visit, duty: Duty, *, out_s: int, work_s: int, back_s: int) -> int:
    """:func:`late_s` of one pair."""
    return int(late_s(visit.windows, duty.stretches, out_s=out_s, work_s=work_s, back_s=back_s))


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // 60)

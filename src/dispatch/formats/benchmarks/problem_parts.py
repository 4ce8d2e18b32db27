"""Parts of a solver problem that benchmark sets leave empty or plain."""

from __future__ import annotations

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import Breaks, Links, Ragged


def one_window_each(start_s: Ints, end_s: Ints) -> Ragged:
    """One interval for each visit; both arrays are (visits,)."""
    return Ragged(offset=np.arange(len(start_s) + 1), start_s=start_s, end_s=end_s)


def no_windows(visits: int) -> Ragged:
    """No interval for any visit."""
    return Ragged(offset=numbers(visits + 1), start_s=numbers(0), end_s=numbers(0))


def no_links() -> Links:
    """No visits are tied."""
    return Links(
        before=numbers(0),
        after=numbers(0),
        from_end=numbers(0).astype(np.bool_),
        min_delay_s=numbers(0),
        max_delay_s=numbers(0),
    )


def no_breaks() -> Breaks:
    """No vehicle has a break."""
    return Breaks(
        vehicle=numbers(0), earliest_s=numbers(0), latest_s=numbers(0), duration_s=numbers(0)
    )


def numbers(*shape: int, of: int = 0) -> Ints:
    """An array of one number."""
    return np.full(shape, of, dtype=np.int64)

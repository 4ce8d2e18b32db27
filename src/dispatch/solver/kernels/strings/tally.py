"""What an iteration has touched so far, and who is left out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import VEHICLE, VISITS
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.strings.columns import MOVABLE
from dispatch.solver.kernels.strings.ground import Ground

# Tally.counts
TOUCHED, POOLED, ABSENT, FRESH, SERVED, USED = range(6)


class Tally(NamedTuple):
    """Lists with their lengths in ``counts``; the flags say at once who is on them."""

    counts: Ints
    """(TOUCHED .. USED) the last two are of the current plan: visits served, vehicles used"""
    touched: Bools
    """(vehicles,)"""
    routes: Ints
    """(vehicles,) the touched ones, in order"""
    pool: Ints
    """(visits,) off their routes, to be put back"""
    keys: npt.NDArray[np.float64]
    """(visits,) by which the pool is sorted"""
    bank: Ints
    """(visits,) absent from the current plan, and may be put in"""
    bank_at: Ints
    """(visits,) where in the bank, or -1"""
    fresh: Ints
    """(4 * visits,) visits with a new neighbour, to be looked at for exchanging tails"""
    looked_at: Bools
    """(visits,)"""


def tally_of(ground: Ground, board: Board) -> Tally:
    """Nothing touched; the bank as the board has it."""
    vehicles, visits = len(board.routes), len(board.stops)
    tally = Tally(
        counts=np.zeros(6, np.int64),
        touched=np.zeros(vehicles, np.bool_),
        routes=np.zeros(vehicles, np.int64),
        pool=np.zeros(visits, np.int64),
        keys=np.zeros(visits),
        bank=np.zeros(visits, np.int64),
        bank_at=np.full(visits, -1),
        fresh=np.zeros(4 * visits + 8, np.int64),
        looked_at=np.zeros(visits, np.bool_),
    )
    absent = np.flatnonzero((board.stops[:, VEHICLE] < 0) & (ground.hot[:, MOVABLE] == 1))
    tally.bank[: len(absent)] = absent
    tally.bank_at[absent] = np.arange(len(absent))
    tally.counts[ABSENT] = len(absent)
    tally.counts[SERVED] = int(board.routes[:, VISITS].sum())
    tally.counts[USED] = int(np.count_nonzero(board.routes[:, VISITS]))
    return tally


@inlined
def touch(tally: Tally, vehicle: int) -> None:
    """Put a vehicle on the list of those that differ from the current plan."""
    if not tally.touched[vehicle]:
        tally.touched[vehicle] = True
        tally.routes[tally.counts[TOUCHED]] = vehicle
        tally.counts[TOUCHED] += 1


@inlined
def look_again(tally: Tally, visit: int) -> None:
    """Put a visit on the list of those with a new neighbour."""
    if tally.counts[FRESH] < len(tally.fresh):
        tally.fresh[tally.counts[FRESH]] = visit
        tally.counts[FRESH] += 1


@kernel
def clear(tally: Tally) -> None:
    """Begin the next iteration."""
    for at in range(tally.counts[TOUCHED]):
        tally.touched[tally.routes[at]] = False
    tally.counts[TOUCHED] = tally.counts[POOLED] = tally.counts[FRESH] = 0


@kernel
def settle_bank(tally: Tally, board: Board) -> None:
    """After a plan was accepted: who of the pool is absent now, and who no longer."""
    counts = tally.counts
    for at in range(counts[POOLED]):
        visit = tally.pool[at]
        banked = tally.bank_at[visit]
        if board.stops[visit, VEHICLE] < 0:
            if banked < 0:
                tally.bank[counts[ABSENT]] = visit
                tally.bank_at[visit] = counts[ABSENT]
                counts[ABSENT] += 1
        elif banked >= 0:
            counts[ABSENT] -= 1
            last = tally.bank[counts[ABSENT]]
            tally.bank[banked] = last
            tally.bank_at[last] = banked
            tally.bank_at[visit] = -1

"""Which routes of a large pool could be part of a better plan.

A worth for each visit, such that routes cost about what their visits are worth, is found by
subgradient steps on the Lagrangian relaxation of set partitioning (Held and Karp, Mathematical
Programming 1, 1971; for set covering Caprara, Fischetti and Toth, Operations Research 47(5),
1999). Routes that cost much more than their visits are worth are in no good plan.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse

from dispatch.solver.arrays import Bools, Ints

STEPS = 400
PATIENCE = 8
"""Steps without a higher bound after which they get shorter."""
SHORTER = 0.6

Floats = npt.NDArray[np.float64]


def excess_costs(visits: Sequence[Ints], costs: Floats, chosen: Bools, prices: Floats) -> Floats:
    """(columns,) what each costs beyond the worth of its visits; the promising ones have least.

    Parameters
    ----------
    visits
        Of each column.
    costs
        (columns,) cost units
    chosen
        (columns,) those of the plan to be improved
    prices
        (visits,) cost units, what leaving a visit out costs: no visit is worth more
    """
    lengths = np.array([len(each) for each in visits])
    rows = np.repeat(np.arange(len(visits)), lengths)
    table = scipy.sparse.csr_matrix(
        (np.ones(len(rows)), (rows, np.concatenate(visits))), shape=(len(visits), len(prices))
    )
    across = table.T.tocsr()
    worth = np.minimum(prices, across @ np.where(chosen, costs / np.maximum(lengths, 1), 0))
    target = float(costs[chosen].sum() + prices[across @ chosen.astype(np.float64) == 0].sum())
    best, best_bound, step, patience = worth, -np.inf, 1.0, 0
    for _ in range(STEPS):
        excess = costs - table @ worth
        taken = excess < 0
        bound = float(worth.sum() + excess[taken].sum())
        if bound > best_bound:
            best, best_bound, patience = worth, bound, 0
        else:
            patience += 1
        if patience > PATIENCE:
            worth, step, patience = best, step * SHORTER, 0
            continue
        slope = 1 - across @ taken.astype(np.float64)
        length = float(slope @ slope)
        if length == 0:
            break
        worth = np.minimum(prices, worth + step * (target - bound) / length * slope)
    return costs - table @ best

"""What visits are worth while ruin and recreate cools down."""

from __future__ import annotations

import numpy as np
from tests.solver.small import Call, Small, Van

from dispatch.solver.engine import Stop
from dispatch.solver.lns.parameters import LnsParameters
from dispatch.solver.lns.strings import StringSearch

VISITS, PRICE = 20, 300
STOP = Stop(seconds=3_600, iterations=100)


def test_what_may_stay_absent_is_worth_more_at_first_and_its_price_at_last() -> None:
    problem = Small(
        positions=[100 * at for at in range(VISITS + 1)],
        vans=[Van(time_price=1)],
        calls=[Call(place=1 + at, duration=60) for at in range(VISITS)],
        unserved=PRICE,
    ).problem()
    owed = problem.unserved_price[problem.visits.group]
    nowhere = [np.zeros(0, np.int64)]
    search = StringSearch(problem, nowhere, LnsParameters(raised=0.5), STOP, 1)

    search.run(1, 0.0)
    assert (search._prices == 1.5 * owed).any()
    assert (search._prices <= 1.5 * owed).all()
    search.run(1, 0.95)
    assert (search._prices == owed).all()

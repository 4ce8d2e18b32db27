"""What late visits wait for: no move is passed over that would have been kept."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.kernels.moves.test_anneal import FOREVER, check
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.moves.columns import NEXT, TRACEABLE, TRACED
from dispatch.solver.kernels.moves.setting import setting_of
from dispatch.solver.lns.moves import MovesSearch
from dispatch.solver.lns.parameters import MovesParameters
from dispatch.solver.problem import Problem

BOLD = MovesParameters(put_in=0.1, take_out=0.05, crew=0.3)


@st.composite
def late_days(draw: st.DrawFn) -> Small:
    """Days on which lateness is all that times cost."""
    count = draw(st.integers(4, 9))
    work = []
    for _ in range(count):
        opening = draw(st.integers(0, 200))
        work.append(
            Call(
                place=draw(st.integers(0, 4)),
                duration=draw(st.integers(5, 60)),
                windows=[(opening, 10_000)],
                due=opening + draw(st.integers(0, 150)),
                lateness_price=draw(st.integers(0, 3)),
            )
        )
    low, wide = draw(st.sampled_from([0, 20])), draw(st.sampled_from([0, 30]))
    return Small(
        positions=[0, 20, 45, 80, 130],
        vans=[Van(earliest=draw(st.integers(0, 90)), start=draw(st.integers(0, 4)))] * 2 + [Van()],
        calls=work,
        ties=[
            Tie(before=0, after=1),
            Tie(before=2, after=3, low=low, high=low + wide, from_end=draw(st.booleans())),
        ],
        unserved=500,
        worst_lateness_price=draw(st.integers(0, 2)),
    )


def search_of(problem: Problem, seed: int, *, traced: bool) -> MovesSearch:
    first = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    assert first is not None
    search = MovesSearch(problem, first.routes, BOLD, seed)
    if not traced:
        whole = np.zeros(1, np.int64)
        whole.setflags(write=False)  # as it was: else all kernels are compiled for another type
        search._setting = search._setting._replace(whole=whole)
    search.take(first.routes)
    assert traced or search.plan.totals[TRACED] == -1
    return search


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(late_days(), st.integers(0, 99), st.sampled_from([1e-9, 10.0, 100.0]))
def test_passes_over_nothing_that_would_be_kept(
    small: Small, seed: int, temperature: float
) -> None:
    problem = small.problem()
    search, twin = (search_of(problem, seed, traced=traced) for traced in (True, False))
    twin._luck[:] = search._luck
    seen = parted = 0
    for _ in range(200):
        before = twin.plan.nodes[:, NEXT].tolist()
        search.walk(1, temperature)
        twin.walk(1, temperature)
        seen += int(search.plan.totals[TRACED] > 0)
        check(problem, search)
        if search.plan.nodes[:, NEXT].tolist() != twin.plan.nodes[:, NEXT].tolist():
            # The twin gives up a crew that it has timed before what leads up to its other seats.
            assert twin.plan.nodes[:, NEXT].tolist() == before
            parted = 1
            break
    event(f"late: {seen > 0}")
    event(f"parted: {parted}")
    event(f"fewer timed: {search.tally[:, 1].sum() < twin.tally[:, 1].sum()}")


def test_traces_only_where_lateness_is_all_that_time_costs() -> None:
    plain = Small(positions=[0], vans=[Van()], calls=[Call(place=0, due=5, lateness_price=1)])
    paid = Small(positions=[0], vans=[Van(overtime_price=1)], calls=[Call(place=0)])
    wish = Small(positions=[0], vans=[Van()], calls=[Call(place=0, preferred=[(5, 20)])])
    whole = [setting_of(each.problem()).whole[TRACEABLE] for each in (plain, paid, wish)]
    assert whole == [1, 0, 0]

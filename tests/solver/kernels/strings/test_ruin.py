"""What a ruin takes off, and what it leaves alone."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.kernels.strings.days import copied, days, first_routes, ready
from tests.solver.small import Small

from dispatch.solver.kernels.chance import chance
from dispatch.solver.kernels.columns import LENGTH, VEHICLE, VISITS
from dispatch.solver.kernels.strings.columns import AT_POSITION, MOVABLE
from dispatch.solver.kernels.strings.ruin import ruin
from dispatch.solver.kernels.strings.tally import POOLED, TOUCHED
from dispatch.solver.lns.parameters import LnsParameters


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.integers(0, 99), st.data())
def test_only_what_may_move_is_taken_and_all_else_stays_in_order(
    small: Small, seed: int, data: st.DataObject
) -> None:
    problem = small.problem()
    plan = ready(problem, first_routes(problem))
    left = copied(plan)
    centre = data.draw(st.integers(0, problem.visit_count - 1))
    ruin(
        plan.ground,
        plan.model,
        left.board,
        left.tracks,
        left.tally,
        centre,
        3.0,
        3.0,
        LnsParameters().habits(),
        chance(seed),
    )
    board, tally = left.board, left.tally
    pool = tally.pool[: tally.counts[POOLED]].tolist()
    touched = set(tally.routes[: tally.counts[TOUCHED]].tolist())
    gone = (plan.board.stops[:, VEHICLE] >= 0) & (board.stops[:, VEHICLE] < 0)
    assert sorted(pool) == np.flatnonzero(gone).tolist()
    assert (plan.ground.hot[pool, MOVABLE] == 1).all()
    for vehicle in range(problem.vehicle_count):
        old = plan.board.sequence[vehicle, : plan.board.routes[vehicle, LENGTH]]
        row = board.sequence[vehicle, : board.routes[vehicle, LENGTH]]
        visits = row[row < problem.visit_count]
        assert row.tolist() == [activity for activity in old.tolist() if activity not in pool]
        assert vehicle in touched or len(row) == len(old)
        assert board.routes[vehicle, VISITS] == len(visits)
        assert board.load[vehicle].tolist() == problem.visits.load[visits].sum(axis=0).tolist()
        assert (row[left.tracks.spots[visits, AT_POSITION]] == visits).all()
    event(f"{len(pool)} taken of {len(touched)} routes")

"""What is summed up of a simple route, against walking it."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import routes
from tests.solver.kernels.strings.days import days, ready
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.kernels.board import full_copy, remove
from dispatch.solver.kernels.columns import (
    DEPART,
    FINISH,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    START,
    TRAVEL,
    WORST,
)
from dispatch.solver.kernels.model import model_of
from dispatch.solver.kernels.strings.columns import AT_POSITION, FORM
from dispatch.solver.kernels.strings.ground import ground_of
from dispatch.solver.kernels.strings.segments import empty_tracks, refresh
from dispatch.solver.kernels.timing import BROKEN_LINK, FINE, time_route
from dispatch.solver.lns.neighbours import near_lists
from dispatch.solver.timing import board_of


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_route_costs_and_takes_what_it_does_when_walked(data: st.DataObject) -> None:
    small = data.draw(days(ties=False))
    problem = small.problem()
    model, ground = model_of(problem), ground_of(problem, *near_lists(problem))
    rows = [np.asarray(row, dtype=np.int64) for row in data.draw(routes(small))]
    board = board_of(problem, model, rows)
    walked = full_copy(board)
    tracks = empty_tracks(board, problem.visit_count + problem.break_count)
    for vehicle in range(problem.vehicle_count):
        failed = refresh(ground, model, board, tracks, vehicle)
        expected = time_route(model, walked, vehicle)
        route, car = walked.routes[vehicle], model.fleet[vehicle]
        far = route[TRAVEL] > car[MAX_TRAVEL]
        long = route[FINISH] - route[DEPART] > car[MAX_DURATION]
        holds = expected == FINE and not far and not long
        assert (failed == FINE) == holds
        if problem.worst_lateness_price == 0:  # nobody asks it, and a simple route does not say it
            board.routes[vehicle, WORST] = walked.routes[vehicle, WORST]
        if holds:
            assert board.routes[vehicle].tolist() == walked.routes[vehicle].tolist()
        row = board.sequence[vehicle, : board.routes[vehicle, LENGTH]]
        visits = row[row < problem.visit_count]
        assert (row[tracks.spots[visits, AT_POSITION]] == visits).all()
        event(f"form {tracks.cars[vehicle, FORM]}, {len(visits)} visits, holds: {holds}")


def test_a_route_in_which_a_tied_visit_starts_later_does_not_hold() -> None:
    """A break on the way costs no more than its time; one before leaving delays the whole way."""
    small = Small(
        positions=(0, 100),
        vans=(Van(), Van(earliest=30)),
        calls=(Call(place=1, group=0), Call(place=1, group=0), Call(place=0)),
        ties=(Tie(before=0, after=1),),
        pauses=(Pause(earliest=30, latest=100, duration=20),),
    )
    plan = ready(small.problem(), [np.array([2, 3, 0]), np.array([1])])
    assert plan.board.stops[:2, START].tolist() == [130, 130]
    remove(plan.model, plan.board, 0, 0)
    assert refresh(plan.ground, plan.model, plan.board, plan.tracks, 0) == BROKEN_LINK

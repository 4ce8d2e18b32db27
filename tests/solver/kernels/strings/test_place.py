"""What a visit costs at a place, against putting it there."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.kernels.strings.days import Ready, copied, days, ready, thinned
from tests.solver.small import Call, Pause, Small, Van

from dispatch.solver.kernels.board import insert
from dispatch.solver.kernels.columns import COST, LENGTH, START, VEHICLE, WORST
from dispatch.solver.kernels.insertion import IMPOSSIBLE
from dispatch.solver.kernels.strings.columns import FORM, MOVABLE, USED
from dispatch.solver.kernels.strings.place import Place, anywhere, delta_at, on_touched
from dispatch.solver.kernels.strings.segments import refresh
from dispatch.solver.kernels.strings.tally import touch
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import Problem


def delta(plan: Ready, vehicle: int, position: int, visit: int, limit: int = IMPOSSIBLE) -> int:
    """As the search judges it."""
    worst = int(plan.board.routes[:, WORST].max())
    ground, model, board, memo, tracks, _ = plan
    return delta_at(ground, model, board, memo, tracks, vehicle, position, visit, worst, limit)


def timed(problem: Problem, plan: Ready, vehicle: int, position: int, visit: int) -> int:
    """What its route costs more with the visit in it; a tied visit may not move in time."""
    if not problem.visits.allowed[visit, vehicle]:
        return IMPOSSIBLE
    changed = copied(plan)
    before, after = plan.board, changed.board
    insert(plan.model, after, vehicle, position, visit)
    if refresh(plan.ground, plan.model, after, changed.tracks, vehicle) != FINE:
        return IMPOSSIBLE
    tied = np.union1d(problem.links.before, problem.links.after).astype(np.int64)
    if (after.stops[tied, START] != before.stops[tied, START]).any():
        return IMPOSSIBLE
    later = max(0, after.routes[vehicle, WORST] - before.routes[:, WORST].max())
    more = after.routes[vehicle, COST] - before.routes[vehicle, COST]
    return int(more + later * problem.worst_lateness_price)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.data())
def test_every_delta_is_that_of_the_route_with_the_visit_in_it(
    small: Small, data: st.DataObject
) -> None:
    problem = small.problem()
    plan = ready(problem, thinned(problem, data))
    absent = (plan.ground.hot[:, MOVABLE] == 1) & (plan.board.stops[:, VEHICLE] < 0)
    for visit in np.flatnonzero(absent).tolist():
        for vehicle in range(problem.vehicle_count):
            for position in range(int(plan.board.routes[vehicle, LENGTH]) + 1):
                found = delta(plan, vehicle, position, visit)
                assert found == timed(problem, plan, vehicle, position, visit)
                event(f"form {plan.tracks.cars[vehicle, FORM]}, possible: {found < IMPOSSIBLE}")
                if found < IMPOSSIBLE:
                    assert delta(plan, vehicle, position, visit, limit=found + 1) == found
                    assert delta(plan, vehicle, position, visit, limit=found) in {
                        found,
                        IMPOSSIBLE,
                    }


def test_where_a_shift_must_be_short_a_visit_may_save_time() -> None:
    """It is left for later, which saves a part of the time that was waited for the break."""
    small = Small(
        positions=[0],
        vans=[Van(end_s=200, latest=200, max_duration=150, time_price=1)],
        calls=[
            Call(place=0, duration=1),
            Call(place=0, duration=24, windows=[(1, 124)]),
            Call(place=0, duration=40, windows=[(12, 53)]),
        ],
        pauses=[Pause(earliest=33, latest=33, duration=20)],
        unserved=10_000,
    )
    plan = ready(small.problem(), [np.array([0, 3, 2])])
    assert delta(plan, 0, 0, 1) == -1
    assert delta(plan, 0, 0, 1, limit=0) == -1


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.data())
def test_the_best_place_anywhere_is_the_best_of_all_places(
    small: Small, data: st.DataObject
) -> None:
    problem = small.problem()
    plan = ready(problem, thinned(problem, data))
    used = np.flatnonzero(plan.tracks.cars[:, USED] == 1).tolist()
    for visit in left_out(plan):
        best = best_among(plan, used, visit)
        assert_is(searched(plan, visit, everywhere=True), best)
        event(f"possible: {best < IMPOSSIBLE}")


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.data())
def test_the_best_place_on_changed_routes_is_the_best_of_theirs(
    small: Small, data: st.DataObject
) -> None:
    problem = small.problem()
    plan = ready(problem, thinned(problem, data))
    changed = data.draw(st.lists(st.integers(0, problem.vehicle_count - 1), unique=True))
    for vehicle in changed:
        touch(plan.tally, vehicle)
    used = [vehicle for vehicle in changed if plan.tracks.cars[vehicle, USED] == 1]
    for visit in left_out(plan):
        best = best_among(plan, used, visit)
        assert_is(searched(plan, visit, everywhere=False), best)
        event(f"possible: {best < IMPOSSIBLE}, elsewhere: {len(used) < len(plan.board.routes)}")


def left_out(plan: Ready) -> list[int]:
    """Visits that may be put in."""
    absent = (plan.ground.hot[:, MOVABLE] == 1) & (plan.board.stops[:, VEHICLE] < 0)
    return [int(visit) for visit in np.flatnonzero(absent)]


def best_among(plan: Ready, vehicles: list[int], visit: int) -> int:
    """The least that the visit costs on these routes; IMPOSSIBLE if it fits nowhere."""
    return min(
        (
            delta(plan, vehicle, position, visit)
            for vehicle in vehicles
            for position in range(int(plan.board.routes[vehicle, LENGTH]) + 1)
        ),
        default=IMPOSSIBLE,
    )


def searched(plan: Ready, visit: int, everywhere: bool) -> Place:
    """What the search finds."""
    ground, model, board, memo, tracks, tally = plan
    worst = int(board.routes[:, WORST].max())
    if everywhere:
        return anywhere(ground, model, board, memo, tracks, visit, worst, IMPOSSIBLE)
    return on_touched(ground, model, board, memo, tracks, tally, visit, worst, IMPOSSIBLE)


def assert_is(found: Place, best: int) -> None:
    assert (found.vehicle >= 0) == (best < IMPOSSIBLE)
    assert found.delta == best

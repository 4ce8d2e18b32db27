from __future__ import annotations

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.partition.cutting import put_back
from dispatch.solver.partition.part import Part, cut
from dispatch.solver.partition.shares import Share, bundles, shares
from dispatch.solver.problem import Problem
from dispatch.solver.solution import CostPart, Solution
from dispatch.solver.timing import Rule, time_routes

STOP = Stop(seconds=600)
STRUCTURE = {
    *(Rule.UNKNOWN, Rule.TWICE, Rule.MISSING_BREAK, Rule.NOT_ALLOWED, Rule.SAME_OWNER),
    *(Rule.PARTLY_SERVED, Rule.UNMET_LINK, Rule.MAX_VISITS, Rule.CAPACITY),
}
SETTINGS = settings(deadline=None, max_examples=150)


def planned(problem: Problem) -> Solution:
    found = Greedy().solve(problem, STOP).solution
    assert found is not None
    return found


def in_two(problem: Problem, plan: Solution, first: list[bool]) -> list[Share]:
    sides = np.array(first)
    areas = [np.flatnonzero(sides), np.flatnonzero(~sides)]
    places = problem.vehicles.start_place
    return shares(problem, plan, bundles(problem), [area for area in areas if len(area)], places)


def parts_of(problem: Problem, plan: Solution, first: list[bool]) -> list[tuple[Share, Part]]:
    return [
        (share, cut(problem, plan, share.vehicles, share.visits, share.held))
        for share in in_two(problem, plan, first)
    ]


@SETTINGS
@given(data=st.data())
def test_the_plan_of_a_part_has_the_times_it_has_in_the_whole(data: st.DataObject) -> None:
    problem = data.draw(problems()).problem()
    plan = planned(problem)
    sides = data.draw(st.lists(st.booleans(), min_size=3, max_size=3))[: problem.vehicle_count]
    for _, part in parts_of(problem, plan, sides):
        timed = time_routes(part.problem, part.inside(plan.routes)).solution

        assert timed is not None
        assert timed.start_s.tolist() == plan.start_s[part.visits].tolist()


@SETTINGS
@given(data=st.data())
def test_what_a_part_saves_the_whole_saves(data: st.DataObject) -> None:
    problem = data.draw(problems()).problem()
    plan = planned(problem)
    sides = data.draw(st.lists(st.booleans(), min_size=3, max_size=3))[: problem.vehicle_count]
    for share, part in parts_of(problem, plan, sides):
        if share.held.any():
            continue
        before = time_routes(part.problem, part.inside(plan.routes)).solution
        alone = [
            row if vehicle == part.witness else np.zeros(0, np.int64)
            for vehicle, row in zip(part.vehicles.tolist(), part.inside(plan.routes), strict=True)
        ]
        start = time_routes(part.problem, alone).solution
        assert before is not None
        assert start is not None
        after = (
            Greedy().solve(part.problem, Stop(seconds=600, iterations=2), initial=start).solution
        )
        assert after is not None
        whole = time_routes(problem, put_back(plan.routes, part.outside(after.routes))).solution

        assert whole is not None
        assert whole.cost - plan.cost == after.cost - before.cost


def test_a_part_pays_for_its_lateness_only_beyond_that_outside() -> None:
    problem = Small(
        positions=(0, 100),
        vans=(Van(), Van()),
        calls=(Call(place=1, due=10), Call(place=1, due=80)),
        worst_lateness_price=7,
    ).problem()
    plan = time_routes(problem, [[0], [1]]).solution
    assert plan is not None
    alone = cut(problem, plan, np.array([1]), np.array([1]), np.array([False]))
    timed = time_routes(alone.problem, alone.inside(plan.routes)).solution

    assert timed is not None
    assert alone.witness == 0
    assert timed.costs[CostPart.WORST_LATENESS] == plan.costs[CostPart.WORST_LATENESS] == 7 * 100
    assert dict(alone.outside(timed.routes)).keys() == {1}


def follower(low: int, high: int, windows: tuple[tuple[int, int], ...]) -> Problem:
    """The part of the second van: a call in it waits for the end of one outside, at 105."""
    problem = Small(
        positions=(0, 100),
        vans=(Van(), Van()),
        calls=(Call(place=1, duration=5), Call(place=1, windows=windows), Call(place=0)),
        ties=(Tie(before=0, after=1, from_end=True, low=low, high=high),),
    ).problem()
    plan = time_routes(problem, [[0], [2]]).solution
    assert plan is not None
    part = cut(problem, plan, np.array([1]), np.array([1, 2]), np.array([False, False]))
    assert part.problem.visits.allowed[1].all()
    return part.problem


def test_what_waits_for_a_visit_outside_starts_when_that_allows() -> None:
    windows = ((0, 50), (90, 300), (400, 600), (800, 900))
    clipped = follower(20, 400, windows).visits.windows
    assert clipped.offset.tolist() == [0, 2, 3]
    assert clipped.start_s[:2].tolist() == [125, 400]
    assert clipped.end_s[:2].tolist() == [300, 505]


def test_what_is_too_early_for_a_visit_outside_is_done_by_nobody() -> None:
    problem = follower(20, 400, ((0, 50), (90, 100)))
    assert not problem.visits.allowed[0].any()
    assert time_routes(problem, [[1]]).solution is not None


def test_what_waits_for_a_visit_that_may_move_is_free() -> None:
    problem = Small(
        positions=(0, 10),
        vans=(Van(),),
        calls=(Call(place=1, duration=5), Call(place=1, duration=5, windows=((500, 600),))),
        ties=(Tie(before=0, after=1, from_end=True, low=0, high=60),),
    ).problem()
    plan = time_routes(problem, [[0]]).solution
    assert plan is not None
    part = cut(problem, plan, np.array([0]), np.array([0, 1]), np.array([False, False]))
    assert part.problem.visits.allowed.all()
    assert time_routes(part.problem, [[0, 1]]).solution is not None


@SETTINGS
@given(data=st.data())
def test_what_a_part_takes_in_the_whole_may_have(data: st.DataObject) -> None:
    """Times may yet spoil one another; who does what, and with whom, must not."""
    problem = data.draw(problems()).problem()
    plan = planned(problem)
    gone = data.draw(st.sets(st.integers(0, problem.visit_count - 1)))
    rows = [row[~np.isin(row, list(gone))] for row in plan.routes]
    start = time_routes(problem, rows).solution
    assume(start is not None)
    assert start is not None
    sides = data.draw(st.lists(st.booleans(), min_size=3, max_size=3))[: problem.vehicle_count]
    for share, part in parts_of(problem, start, sides):
        before = time_routes(part.problem, part.inside(start.routes)).solution
        assert before is not None
        after = Greedy().solve(part.problem, STOP, initial=before).solution
        assert after is not None
        taken = time_routes(problem, put_back(start.routes, part.outside(after.routes)))
        assert not STRUCTURE & {violation.rule for violation in taken.violations}
        event(f"held: {share.held.any()}, more: {after.unserved_visits < before.unserved_visits}")


def test_a_visit_that_is_held_stays_where_and_when_it_is() -> None:
    problem = Small(
        positions=(0, 100),
        vans=(Van(), Van()),
        calls=[Call(place=1, windows=((0, 50), (60, 900)), duration=5) for _ in range(3)],
        ties=(Tie(before=0, after=1, low=200, high=300),),
    ).problem()
    plan = time_routes(problem, [[0], [1, 2]]).solution
    assert plan is not None
    part = cut(problem, plan, np.array([1]), np.array([1, 2]), np.array([True, False]))
    first, second = part.problem.visits.windows.offset[:2]

    assert len(part.problem.links.before) == 0
    assert second - first == 1
    assert part.problem.visits.windows.start_s[0] == plan.start_s[1]
    assert part.problem.visits.windows.end_s[0] == plan.start_s[1]
    assert part.problem.unserved_price[0] == HIGHEST_PRICE
    assert time_routes(part.problem, [[1, 0]]).solution is not None

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems

from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.partition.cutting import put_back
from dispatch.solver.partition.part import Part, cut
from dispatch.solver.partition.shares import Share, bundles, shares
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

STOP = Stop(seconds=600)
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

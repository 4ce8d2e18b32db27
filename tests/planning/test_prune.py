"""The least is taken off routes that has to go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.made import Board, day, job, window
from tests.planning.test_rebase import NARROW, TWO, plan_of

from dispatch.domain.job import Crew, Dependency, Job, Seat
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.encode import encode
from dispatch.planning.prune import Pruned, pruned, put_back
from dispatch.solver.timing import time_routes


def prune(jobs: list[Job], *stay: str, **routes: list[str]) -> Pruned:
    compiled = compile_day(day(jobs, TWO), Board())
    rows = encode(compiled, plan_of(**routes))
    may_go = {found.id: (found.priority or 0,) for found in jobs if found.id not in stay}
    return pruned(compiled, rows, may_go)


def test_routes_that_hold_lose_nothing() -> None:
    found = prune([job("J1"), job("J2")], T1=["J1"], T2=["J2"])
    assert (found.off, found.timed.solution is not None) == ({}, True)


def test_of_two_that_exclude_each_other_the_lighter_goes() -> None:
    jobs = [job("J1", windows=NARROW, priority=5), job("J2", windows=NARROW, priority=2)]
    assert prune(jobs, T1=["J1", "J2"]).off == {"J2": "window"}
    assert prune(jobs, T1=["J2", "J1"]).off == {"J2": "window"}
    assert prune(jobs, "J2", T1=["J1", "J2"]).off == {"J1": "window"}


def test_what_has_to_stay_is_left_and_said() -> None:
    jobs = [job("J1", windows=NARROW), job("J2", windows=NARROW), job("J3", windows=NARROW)]
    found = prune(jobs, "J1", "J2", T1=["J1", "J2", "J3"])
    assert found.timed.solution is None
    assert {violation.vehicle for violation in found.timed.violations} == {0}


def test_who_may_not_have_it_loses_it_and_what_waits_for_it_goes_too() -> None:
    jobs = [
        job("J1", prohibited_technicians=("T1",)),
        job("J2", dependencies=(Dependency(job="J1"),)),
        job("J3"),
    ]
    found = prune(jobs, T1=["J1"], T2=["J2", "J3"])
    assert found.off == {"J1": "not-allowed", "J2": "unmet-link"}
    assert [list(row) for row in found.rows] == [[], [2]]


def test_a_crew_goes_as_a_whole() -> None:
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())), windows=NARROW, priority=1)
    found = prune([pair, job("J2", windows=NARROW, priority=4)], T1=["J2", "J1"], T2=["J1/1"])
    assert found.off == {"J1": "window"}
    assert [len(row) for row in found.rows] == [1, 0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=7))
def test_whatever_is_drawn_holds_afterwards_and_nothing_went_for_nothing(
    drawn: list[tuple[int, int]],
) -> None:
    jobs = [
        job(f"J{number}", windows=(window(8 + at / 2, 9 + at / 2),))
        for number, (at, _) in enumerate(drawn)
    ]
    compiled: Compiled = compile_day(day(jobs, TWO), Board())
    routes = {
        name: [f"J{number}" for number, (_, who) in enumerate(drawn) if who == index]
        for index, name in enumerate(("T1", "T2"))
    }
    rows = encode(compiled, plan_of(**routes))
    found = pruned(compiled, rows, {entry.id: (1,) for entry in jobs})
    assert found.timed.solution is not None
    if not time_routes(compiled.problem, rows).violations:
        assert found.off == {}
    back = put_back(compiled, found.rows, {name: {0, 1} for name in found.off})
    timed = time_routes(compiled.problem, back).solution
    assert timed is not None
    assert np.flatnonzero(timed.vehicle >= 0).size >= len(jobs) - len(found.off)


def test_what_goes_back_goes_home_if_it_can_and_elsewhere_if_it_pays() -> None:
    jobs = [job("J1", windows=NARROW), job("J2", windows=NARROW), job("J3", windows=NARROW)]
    compiled = compile_day(day(jobs, TWO), Board())
    rows = encode(compiled, plan_of(T1=["J1"]))
    assert [list(row) for row in put_back(compiled, rows, {"J2": {1}})] == [[0], [1]]
    assert [list(row) for row in put_back(compiled, rows, {"J2": {0}})] == [[0], [1]]
    full = put_back(compiled, rows, {"J2": {0}, "J3": {1}})
    assert [list(row) for row in full] == [[0], [1]]
    made = day(jobs, TWO)
    free = replace(made.policy, unserved_minor=dict.fromkeys(range(1, 6), 0))
    cheap = compile_day(replace(made, policy=free), Board())
    assert [list(row) for row in put_back(cheap, rows, {"J2": {0}})] == [[0], []]
    assert [list(row) for row in put_back(cheap, rows, {"J2": {1}})] == [[0], [1]]

"""Peers find the best routes of tiny problems, and say what they cannot express."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

from dispatch.bench.contenders import PEERS as KNOWN
from dispatch.bench.contenders import contenders
from dispatch.bench.features import Feature, features
from dispatch.bench.peers import pyvrp_engine, vroom_engine
from dispatch.bench.peers.answer import answer
from dispatch.errors import Unavailable
from dispatch.formats.benchmarks.sources import read_instance
from dispatch.formats.benchmarks.vrplib.instance import VrplibInstance
from dispatch.formats.benchmarks.vrplib.reader import read_instance as read_routing
from dispatch.solver.child import run
from dispatch.solver.engine import Engine, Status, Stop
from dispatch.solver.problem import OPEN, Problem
from dispatch.solver.timing import time_routes

STOP = Stop(seconds=30, iterations=200)
PEERS: list[Engine] = [pyvrp_engine.PyvrpEngine(), vroom_engine.VroomEngine()]


@pytest.fixture
def problem(published: Path) -> Problem:
    """Site-dependent, with a longest duration."""
    return read_instance(published / "TINY.vrp").to_problem()


@pytest.fixture
def plain(published: Path) -> Problem:
    """Without a longest duration: every peer can express it."""
    path = published / "TINY.vrp"
    unlimited = replace(read_routing(path), max_duration=None)
    return VrplibInstance(path, unlimited).to_problem()


def cheapest(problem: Problem) -> int:
    """Of all assignments of visits to vehicles, in all orders."""
    visits = range(problem.visit_count)
    costs = []
    for order, owner in product(permutations(visits), product(range(2), repeat=len(visits))):
        routes = [[visit for visit in order if owner[visit] == vehicle] for vehicle in range(2)]
        solution = time_routes(problem, routes).solution
        if solution is not None:
            costs.append(solution.cost)
    return min(costs)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_finds_the_best_routes(peer: Engine, plain: Problem) -> None:
    result = peer.solve(plain, STOP, seed=1)
    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.solution.cost == cheapest(plain)


def test_pyvrp_keeps_the_longest_duration(problem: Problem) -> None:
    result = pyvrp_engine.PyvrpEngine().solve(problem, STOP, seed=1)
    assert result.solution is not None
    assert result.solution.cost == cheapest(problem)


def test_pyvrp_leaves_out_what_is_not_worth_the_way(plain: Problem) -> None:
    prized = replace(plain, unserved_price=np.array([1, 1, 1_000_000]))
    assert Feature.OPTIONAL in features(prized)
    result = pyvrp_engine.PyvrpEngine().solve(prized, STOP, seed=1)
    assert result.solution is not None
    assert [route.tolist() for route in result.solution.routes] == [[], [2]]


def test_pyvrp_says_when_it_finds_no_feasible_routes(problem: Problem) -> None:
    nobody_may = np.zeros_like(problem.visits.allowed)
    impossible = replace(problem, visits=replace(problem.visits, allowed=nobody_may))
    result = pyvrp_engine.PyvrpEngine().solve(impossible, STOP, seed=1)
    assert result.solution is None
    assert result.status is Status.FAILED
    assert result.message.startswith("infeasible")


def test_vroom_reports_and_can_be_stopped(plain: Problem) -> None:
    seen: list[int] = []

    def stop_at_once(seconds: float, solution: object) -> bool:
        seen.append(1)
        return False

    vroom_engine.VroomEngine().solve(plain, STOP, seed=1, report=stop_at_once)
    assert seen == [1]


def test_each_peer_says_what_it_lacks(problem: Problem, published: Path) -> None:
    care = features(read_instance(published / "care.json").to_problem())
    assert features(problem) == {Feature.SKILLS, Feature.LONGEST_ROUTE}
    assert care == {Feature.CREWS, Feature.LINKS, Feature.LATENESS, Feature.SKILLS}
    assert features(problem) <= pyvrp_engine.EXPRESSES
    assert features(problem) - vroom_engine.EXPRESSES == {Feature.LONGEST_ROUTE}
    assert {Feature.CREWS, Feature.LINKS} <= care - pyvrp_engine.EXPRESSES


def test_vroom_takes_one_open_end_but_not_two(plain: Problem) -> None:
    start = plain.vehicles.start_place
    nowhere = np.full_like(start, OPEN)
    one = replace(plain, vehicles=replace(plain.vehicles, end_place=nowhere))
    none = replace(plain, vehicles=replace(one.vehicles, start_place=nowhere))
    assert vroom_engine.VroomEngine().solve(one, STOP, seed=1).solution is not None
    refused = vroom_engine.VroomEngine().solve(none, STOP, seed=1)
    assert refused.status is Status.FAILED
    assert refused.message == "inexpressible: no-ends"


def test_routes_that_break_a_rule_are_no_answer(problem: Problem) -> None:
    result = answer(problem, [[2], [0, 1]], seconds=1.0)
    assert result.solution is None
    assert result.message == "infeasible: not-allowed"


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_that_is_asked_for_more_says_so(peer: Engine, published: Path) -> None:
    care = read_instance(published / "care.json").to_problem()
    result = peer.solve(care, STOP, seed=1)
    assert result.status is Status.FAILED
    assert "crews" in result.message


@pytest.mark.slow
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_runs_in_a_child_process_as_our_engines_do(peer: Engine, plain: Problem) -> None:
    (contender,) = contenders([peer.name])
    result = run(contender.target, plain, Stop(seconds=1), seed=1)
    assert result.solution is not None
    assert result.solution.cost == cheapest(plain)


@pytest.mark.parametrize("name", KNOWN)
def test_a_peer_that_is_not_installed_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.bench.contenders.find_spec", lambda _package: None)
    with pytest.raises(Unavailable) as missing:
        contenders(["greedy", name])
    assert missing.value.code == "bench.peer.missing"
    assert missing.value.values == {"name": name}

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from tests.oracles.best_plan import best_plan
from tests.solver.drawn import problems
from tests.solver.rules import RULES
from tests.solver.small import Call, Small, Van

from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.child.rehearsal import rehearse
from dispatch.solver.engine import Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.ortools_routing.classes import MOST_ENTRIES, model_durations
from dispatch.solver.ortools_routing.engine import Ortools, add_model, search
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.nodes import Nodes
from dispatch.solver.ortools_routing.prices import HIGHEST_COST, Prices, highest_cost, horizon
from dispatch.solver.ortools_routing.search import search_parameters
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes

STOP = Stop(seconds=1.5, iterations=60)


@pytest.fixture(scope="module", autouse=True)
def _kernels_are_compiled() -> None:
    """Or compiling would eat the seconds of the first run."""
    rehearse(Ortools())


@pytest.mark.parametrize("rule", RULES)
def test_the_model_alone_finds_the_cheapest_plan(rule: str) -> None:
    problem = RULES[rule].problem()
    incumbent = Incumbent(problem, None)

    search(problem, STOP, incumbent)

    assert incumbent.solution is not None
    assert incumbent.solution.cost == best_plan(problem).cost


UNPAID = {"break between visits": 60}
"""The model pays technicians for ways and work; breaks and waiting are left to the exact timing."""


@pytest.mark.parametrize("rule", RULES)
def test_the_model_prices_the_cheapest_plan_as_it_is(rule: str) -> None:
    """A rule or a price that the model lacks makes some plan look cheaper than any can be."""
    problem = RULES[rule].problem()

    unpaid = UNPAID.get(rule, 0)
    assert min(costs_in_the_model(problem)) == best_plan(problem).cost - unpaid


def costs_in_the_model(problem: Problem) -> list[int]:
    """What the library itself says of each plan it comes to, before any exact timing."""
    model = RoutingModel.of(problem)
    add_model(model)
    costs: list[int] = []
    model.routing.AddAtSolutionCallback(lambda: costs.append(model.routing.CostVar().Min()))
    parameters = search_parameters(STOP)
    model.routing.CloseModelWithParameters(parameters)
    model.routing.SolveWithParameters(parameters)
    return costs


@pytest.mark.parametrize("rule", RULES)
def test_the_model_holds_the_cheapest_plan_as_a_start(rule: str) -> None:
    problem = RULES[rule].problem()
    best = best_plan(problem)

    result = Ortools().solve(problem, Stop(seconds=10, iterations=1), seed=0, initial=best)

    assert result.message == ""
    assert result.solution is not None
    assert result.solution.cost == best.cost


BRIEF = Stop(seconds=0.5, iterations=60)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_its_plan_holds_and_costs_no_more_than_regret_insertion(small: Small) -> None:
    problem = small.problem()
    greedy = Greedy().solve(problem, BRIEF, seed=0).solution

    result = Ortools().solve(problem, BRIEF, seed=0)

    assert greedy is not None
    assert result.solution is not None
    assert time_routes(problem, result.solution.routes).solution is not None
    assert result.solution.cost <= greedy.cost


def test_iterations_make_a_run_repeatable() -> None:
    problem = RULES["crew in step"].problem()

    first, second = (Ortools().solve(problem, STOP, seed=0) for _ in range(2))

    assert [step.cost for step in first.curve] == [step.cost for step in second.curve]
    assert first.iterations == second.iterations


def test_it_improves_on_a_bad_start() -> None:
    problem = RULES["shortest way"].problem()
    start = time_routes(problem, [[2, 3, 0, 1]]).solution
    assert start is not None

    result = Ortools().solve(problem, STOP, seed=0, initial=start)

    assert result.solution is not None
    assert result.solution.cost == best_plan(problem).cost
    assert result.curve[0].cost == start.cost
    assert not result.message  # it would say that the library refused the start


def test_it_stops_when_told_to() -> None:
    problem = RULES["shortest way"].problem()

    result = Ortools().solve(problem, Stop(seconds=60), seed=0, report=lambda *_: False)

    assert result.status is Status.INTERRUPTED
    assert len(result.curve) == 1


@pytest.mark.parametrize(
    "small",
    [Small(positions=(0, 1), vans=(), calls=(Call(place=1),)), Small(positions=(0, 1))],
    ids=["no vehicle", "no visit"],
)
def test_it_answers_where_there_is_nothing_to_search(small: Small) -> None:
    result = Ortools().solve(small.problem(), STOP, seed=0)

    assert result.solution is not None
    assert result.solution.unserved_visits == len(small.calls)


def test_prices_beyond_its_numbers_are_scaled_down() -> None:
    dear = 2**49
    problem = Small(
        positions=(0, 100, 200, 300),
        vans=(Van(travel_price=dear, use_price=dear),),
        calls=(Call(place=1), Call(place=2), Call(place=3)),
        unserved=(HIGHEST_PRICE, 50, HIGHEST_PRICE),
    ).problem()
    highest = highest_cost(problem, horizon(problem))
    prices = Prices.of(problem, horizon(problem))
    incumbent = Incumbent(problem, None)

    search(problem, STOP, incumbent)

    assert highest > HIGHEST_COST
    assert highest // prices.divisor <= HIGHEST_COST
    assert prices.scaled(np.array([0, 1])).tolist() == [0, 1]
    assert incumbent.solution is not None
    assert incumbent.solution.cost == best_plan(problem).cost


def test_vehicles_share_the_longest_duration_where_matrices_would_not_fit() -> None:
    problem = Small(
        positions=(0, 100),
        vans=(Van(), Van(), Van()),
        calls=(Call(place=1, duration=(10, 20, 99), only=(0, 1)), Call(place=1, duration=30)),
    ).problem()

    as_they_are = model_durations(problem, nodes=3)
    shared = model_durations(problem, nodes=MOST_ENTRIES)
    started = model_durations(
        problem, nodes=MOST_ENTRIES, start=time_routes(problem, [[0], [], []]).solution
    )

    assert as_they_are.tolist() == [[10, 20, 10], [30, 30, 30]]
    assert shared.tolist() == [[20, 20, 20], [30, 30, 30]]
    assert started.tolist() == [[10, 10, 10], [30, 30, 30]]


def test_a_set_up_is_left_out_at_the_same_place_alone() -> None:
    problem = Small(
        positions=(0, 100), calls=(Call(place=0, setup=5), Call(place=1, setup=7), Call(place=1))
    ).problem()

    setups = Nodes.of(problem).setups(problem.visits.setup_s)

    assert setups.tolist() == [[0, 7, 0, 0], [5, 0, 0, 0], [5, 0, 0, 0], [5, 7, 0, 0]]

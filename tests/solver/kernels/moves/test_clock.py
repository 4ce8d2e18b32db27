"""The short way of timing a visit, against the one that knows all rules."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.kernels.moves.test_anneal import search_of
from tests.solver.small import Small

from dispatch.solver.kernels.moves.clock import _timed_by_all_rules, timed_visit
from dispatch.solver.kernels.moves.columns import BEGIN, PLAIN, ROUTE, STEADY


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=8), st.integers(0, 9), st.integers(0, 400))
def test_a_plain_visit_is_timed_as_any_other(small: Small, seed: int, later: int) -> None:
    problem = small.problem()
    search = search_of(problem, seed)
    search.walk(60, 100.0)
    nodes, setting = search.plan.nodes, search._setting
    for visit in np.flatnonzero(nodes[: problem.visit_count, ROUTE] >= 0):
        for bound in (0, int(nodes[visit, BEGIN]), later):
            short = timed_visit(search.model, setting, nodes, visit, bound)
            full = _timed_by_all_rules(search.model, nodes, visit, bound)
            assert short.feasible == full.feasible
            if full.feasible:
                assert short == full
            plain = setting.visits[visit, PLAIN] and setting.fleet[nodes[visit, ROUTE], STEADY]
            event(f"plain: {plain}, feasible: {full.feasible}")

"""The tables for a whole day beside the rules for one pair."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.planning.drawn import busy_days
from tests.planning.made import compiled

from dispatch.domain.day import Day
from dispatch.planning.compile.visits import ways_of
from dispatch.planning.duty import duties_of
from dispatch.planning.horizon import Horizon
from dispatch.planning.rules import PRICES
from dispatch.planning.rules.eligibility import eligible, prices_minor, reachable
from dispatch.planning.rules.pair import near_miss
from dispatch.planning.rules.reach import Way
from dispatch.planning.tabulate import tabulate
from dispatch.planning.visit import visits_of
from dispatch.planning.work import work_s, work_table
from dispatch.solver.quickest import quickest_s


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_the_tables_say_what_the_rules_say_of_each_pair(drawn: Day) -> None:
    horizon = Horizon.of(drawn)
    visits, duties = visits_of(drawn, horizon), duties_of(drawn, horizon)
    work = work_table(visits, duties)
    allowed = eligible(visits, duties, drawn.policy) & reachable(visits, duties, work)
    prices = prices_minor(visits, duties, drawn.policy)
    for row, visit in enumerate(visits):
        for column, duty in enumerate(duties):
            assert work[row, column] == work_s(visit, duty.technician)
            assert allowed[row, column] == (near_miss(visit, duty, drawn.policy) is None)
            assert prices[row, column] == sum(
                price.minor(visit, duty, drawn.policy) for price in PRICES
            )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_problem_allows_what_no_rule_forbids(drawn: Day) -> None:
    made = compiled(drawn)
    problem = made.problem
    quickest = quickest_s(problem.travel_s, problem.speeds)
    ways = ways_of(problem.vehicles, problem.visits.place, quickest)
    for row, visit in enumerate(made.visits):
        for column, duty in enumerate(made.duties):
            way = Way(int(ways.out_s[row, column]), int(ways.back_s[row, column]))
            miss = near_miss(visit, duty, drawn.policy, way)
            assert problem.visits.allowed[row, column] == (miss is None)


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_a_table_is_the_function_of_every_pair(rows: list[int], columns: list[int]) -> None:
    table = tabulate(rows, columns, lambda row, column: 10 * row + column, np.int64)
    assert table.shape == (len(rows), len(columns))
    assert table.tolist() == [[10 * row + column for column in columns] for row in rows]


def test_a_pair_of_distinct_entries_is_looked_at_once() -> None:
    seen: list[tuple[int, int]] = []

    def look(row: int, column: int) -> int:
        seen.append((row, column))
        return 0

    tabulate([1, 1, 2], [7, 7], look, np.int64)
    assert seen == [(1, 7), (2, 7)]

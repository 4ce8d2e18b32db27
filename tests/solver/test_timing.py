"""Exact times and cost of given routes, against the slow twin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.oracles.route_times import Infeasible, route_times
from tests.solver.drawn import problems, routes
from tests.solver.small import Call, Pace, Pause, Small, Tie, Told, Van

from dispatch.solver.solution import CostPart
from dispatch.solver.timing import Rule, time_routes

STRUCTURE = {Rule.SAME_OWNER, Rule.PARTLY_SERVED, Rule.UNMET_LINK}


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_agrees_with_going_through_the_routes_until_nothing_moves(data: st.DataObject) -> None:
    small = data.draw(problems())
    rows = data.draw(routes(small))
    problem = small.problem()
    timed = time_routes(problem, rows)
    assume(not STRUCTURE & {violation.rule for violation in timed.violations})
    try:
        expected = route_times(problem, rows)
    except Infeasible as refusal:
        event(f"infeasible: {refusal}")
        assert timed.solution is None
        return
    event("feasible")
    assert timed.solution is not None, timed.violations
    found = timed.solution
    assert {v: s for v, s in enumerate(found.start_s.tolist()) if s >= 0} == expected.start
    assert {v: s for v, s in enumerate(found.end_s.tolist()) if s >= 0} == expected.end
    assert {v: s for v, s in enumerate(found.depart_s.tolist()) if s >= 0} == expected.depart
    assert {v: s for v, s in enumerate(found.finish_s.tolist()) if s >= 0} == expected.finish
    assert found.cost == expected.cost


LINE = Small(positions=[0, 100, 200], calls=[Call(place=1), Call(place=2)])


@pytest.mark.parametrize(
    ("small", "rows", "rule"),
    [
        (LINE, [[0, 0]], Rule.TWICE),
        (LINE, [[7]], Rule.UNKNOWN),
        (LINE, [[0], [1]], Rule.UNKNOWN),
        (Small(positions=[0, 9], calls=[Call(place=1, only=[])]), [[0]], Rule.NOT_ALLOWED),
        (Small(positions=[0, 9], calls=[Call(place=1, windows=[(0, 5)])]), [[0]], Rule.WINDOW),
        (
            Small(positions=[0, 9], vans=[Van(end_s=20, latest=20)], calls=[Call(place=1)]),
            [[0]],
            Rule.SHIFT_END,
        ),
        (
            Small(positions=[0, 9], vans=[Van(max_travel=17)], calls=[Call(place=1)]),
            [[0]],
            Rule.MAX_TRAVEL,
        ),
        (
            Small(positions=[0, 9], vans=[Van(max_duration=27)], calls=[Call(place=1)]),
            [[0]],
            Rule.MAX_DURATION,
        ),
        (
            Small(positions=[0, 9], vans=[Van(max_visits=0)], calls=[Call(place=1)]),
            [[0]],
            Rule.MAX_VISITS,
        ),
        (
            Small(positions=[0, 9], vans=[Van(capacity=1)], calls=[Call(place=1, load=2)]),
            [[0]],
            Rule.CAPACITY,
        ),
        (
            Small(positions=[0, 9, 9], calls=[Call(place=1, rank=2), Call(place=2, rank=1)]),
            [[0, 1]],
            Rule.RANK,
        ),
        (
            Small(
                positions=[0, 9],
                calls=[Call(place=1)],
                pauses=[Pause(earliest=5, latest=9, duration=9)],
            ),
            [[0]],
            Rule.MISSING_BREAK,
        ),
        (
            Small(
                positions=[0, 9],
                calls=[Call(place=1), Call(place=1)],
                pauses=[Pause(earliest=5, latest=18, duration=9)],
            ),
            [[0, 2, 1]],
            Rule.BREAK,
        ),
        (
            Small(
                positions=[0, 9],
                vans=[Van(), Van()],
                calls=[Call(place=1, group=0), Call(place=1, group=0)],
                ties=[Tie(before=0, after=1)],
            ),
            [[0], []],
            Rule.PARTLY_SERVED,
        ),
        (
            Small(
                positions=[0, 9],
                vans=[Van(owner=0), Van(owner=0)],
                calls=[Call(place=1, group=0), Call(place=1, group=0)],
                ties=[Tie(before=0, after=1)],
            ),
            [[0], [1]],
            Rule.SAME_OWNER,
        ),
        (
            Small(
                positions=[0, 9],
                calls=[Call(place=1), Call(place=1)],
                ties=[Tie(before=0, after=1)],
            ),
            [[1]],
            Rule.UNMET_LINK,
        ),
        (
            Small(
                positions=[0, 9],
                calls=[Call(place=1), Call(place=1)],
                ties=[Tie(before=1, after=0, from_end=True, high=99)],
            ),
            [[0, 1]],
            Rule.LINK,
        ),
    ],
)
def test_names_the_broken_rule(small: Small, rows: list[list[int]], rule: Rule) -> None:
    timed = time_routes(small.problem(), rows)
    assert timed.solution is None
    # A circle of links pushes times until whatever comes first gives way.
    assert timed.violations[0].rule in {rule, *([Rule.WINDOW] if rule is Rule.LINK else [])}


def test_a_crew_starts_when_the_later_one_arrives() -> None:
    small = Small(
        positions=[0, 100, 300],
        vans=[Van(start=0), Van(start=2)],
        calls=[Call(place=1, group=0), Call(place=1, group=0)],
        ties=[Tie(before=0, after=1)],
    )
    solution = time_routes(small.problem(), [[0], [1]]).solution
    assert solution is not None
    assert solution.start_s.tolist() == [200, 200]
    assert solution.depart_s.tolist() == [100, 0]


def test_a_break_interrupts_the_way() -> None:
    small = Small(
        positions=[0, 100, 400],
        calls=[Call(place=1), Call(place=2)],
        pauses=[Pause(earliest=150, latest=200, duration=30)],
    )
    solution = time_routes(small.problem(), [[0, 2, 1]]).solution
    assert solution is not None
    assert solution.break_start_s.tolist() == [150]
    assert solution.arrive_s.tolist() == [100, 110 + 300 + 30]


def test_travel_takes_longer_in_the_rush_hour() -> None:
    small = Small(
        positions=[0, 100, 160],
        calls=[Call(place=1, windows=[(300, 300)]), Call(place=2)],
        pauses=[Pause(earliest=330, latest=330, duration=50)],
        paces=[Pace(since=220, percent=50), Pace(since=400, percent=100)],
    )
    solution = time_routes(small.problem(), [[0, 2, 1]]).solution
    assert solution is not None
    assert solution.depart_s.tolist() == [160], "60 m before the rush hour, 40 m at half the speed"
    assert solution.arrive_s.tolist() == [300, 440], "10 m, the break, 10 m, then 40 m"
    assert solution.finish_s.tolist() == [450 + 160]
    assert solution.costs[CostPart.TRAVEL] == (60 + 80) + (20 + 20 + 40) + 160


def test_where_the_speed_varies_breaks_keep_their_order() -> None:
    small = Small(
        positions=[0, 10],
        calls=[Call(place=1), Call(place=1)],
        pauses=[
            Pause(earliest=10, latest=900, duration=5),
            Pause(earliest=20, latest=900, duration=5),
        ],
        paces=[Pace(since=50, percent=50)],
    )
    assert time_routes(small.problem(), [[0, 2, 3, 1]]).solution is not None
    assert time_routes(small.problem(), [[0, 3, 2, 1]]).violations[0].rule is Rule.BREAK


def test_no_break_is_owed_by_a_route_that_is_over() -> None:
    small = Small(
        positions=[0, 10],
        calls=[Call(place=1)],
        pauses=[Pause(earliest=30, latest=60, duration=20)],
    )
    solution = time_routes(small.problem(), [[0, 1]]).solution
    assert solution is not None
    assert solution.break_start_s.tolist() == [-1]
    assert solution.finish_s.tolist() == [30]


def test_no_break_is_owed_by_a_route_that_begins_after_it() -> None:
    small = Small(
        positions=[0, 10],
        calls=[Call(place=1, windows=[(500, 600)])],
        pauses=[Pause(earliest=30, latest=60, duration=20)],
    )
    solution = time_routes(small.problem(), [[1, 0]]).solution
    assert solution is not None
    assert solution.depart_s.tolist() == [490]
    assert solution.break_start_s.tolist() == [-1]


def test_changing_what_was_published_costs() -> None:
    small = Small(
        positions=[0, 0, 0],
        vans=[Van(), Van()],
        calls=[Call(place=1), Call(place=2), Call(place=2), Call(place=0)],
        told=[
            Told(call=0, promise=(0, 5), moved_price=100, moved_second_price=3),
            Told(call=1, van=0, rank=1, order_price=1_000),
            Told(call=2, van=0, rank=2, order_price=7_000),
            Told(call=3, van=1, rank=0, order_price=50_000),
        ],
    )
    solution = time_routes(small.problem(), [[2, 0, 1, 3], []]).solution
    assert solution is not None
    assert solution.start_s.tolist() == [10, 20, 0, 30]
    assert solution.costs[CostPart.PROMISE] == 100 + 3 * 5
    assert solution.costs[CostPart.ORDER] == 1_000, "the last was published on another route"


def test_work_beyond_the_fair_share_costs() -> None:
    small = Small(
        positions=[0, 30],
        vans=[Van(fair_share=25, unfairness_price=4)],
        calls=[Call(place=1, setup=5), Call(place=1, setup=5)],
    )
    solution = time_routes(small.problem(), [[0, 1]]).solution
    assert solution is not None
    assert solution.costs[CostPart.UNFAIRNESS] == 0, "set up once: 5 + 10 + 10"
    apart = Small(positions=[0, 30], vans=small.vans, calls=[*small.calls, Call(place=0)])
    solution = time_routes(apart.problem(), [[0, 2, 1]]).solution
    assert solution is not None
    assert solution.costs[CostPart.UNFAIRNESS] == 4 * (15 + 10 + 15 - 25)


def rush_hour() -> Small:
    """A technician who drives too much when alone, and less when the mate is there: past the rush.

    The mate is not there before 130. The way takes 60 s until 90, and 30 s from then on.
    """
    return Small(
        positions=[0, 30],
        vans=[Van(owner=0, start=0, end=-1, max_travel=40), Van(owner=1, start=1, end=-1)],
        calls=[
            Call(place=1, group=0, duration=1, windows=[(0, 600)]),
            Call(place=1, group=0, duration=1, windows=[(130, 600)]),
        ],
        ties=[Tie(before=0, after=1, low=0, high=0)],
        paces=[Pace(since=0, percent=50), Pace(since=90, percent=100)],
    )


def test_how_far_a_route_drives_is_asked_when_its_mates_have_said_when() -> None:
    timed = time_routes(rush_hour().problem(), [[0], [1]])
    assert timed.solution is not None
    assert timed.solution.start_s.tolist() == [130, 130]


def test_a_route_that_is_too_long_when_all_is_settled_is_named() -> None:
    small = rush_hour()
    far = replace(small, vans=[replace(small.vans[0], max_travel=29), small.vans[1]])
    long = replace(small, vans=[replace(small.vans[0], max_duration=30), small.vans[1]])
    for broken, rule in ((far, Rule.MAX_TRAVEL), (long, Rule.MAX_DURATION)):
        timed = time_routes(broken.problem(), [[0], [1]])
        assert [(v.rule, v.vehicle) for v in timed.violations] == [(rule, 0)]

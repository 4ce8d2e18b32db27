"""Speeds by the wall clock: two ways to reckon them, and the clocks that change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.planning.made import ZONE, Board, day, job, technician

from dispatch.domain.clock import after, elapsed_s, localise
from dispatch.domain.speed import Speed
from dispatch.planning.check import check_day
from dispatch.planning.compile import compile_day
from dispatch.planning.compile.speeds import speeds_of
from dispatch.planning.decode import decode
from dispatch.planning.explain.driving import Driving
from dispatch.planning.horizon import Horizon
from dispatch.planning.verify import verify
from dispatch.planning.verify.speeds import driving_s
from dispatch.solver.engine import Result, Status
from dispatch.solver.quickest import quickest_s
from dispatch.solver.timing import time_routes

RUSH = Speed(start="07:30", end="09:00", percent=50)
NIGHT = Speed(start="22:00", end="02:30", percent=200)
SUMMER_TIME = datetime(2026, 3, 29)  # noqa: DTZ001 - a wall clock


def test_a_step_wherever_the_speed_changes() -> None:
    problem = compile_day(day([job()], speeds=(RUSH, NIGHT)), Board()).problem
    hours = (problem.speeds.from_s / 3_600).tolist()
    assert list(zip(hours, problem.speeds.percent.tolist(), strict=True)) == [
        (0, 200),
        (2.5, 100),
        (7.5, 50),
        (9, 100),
        (22, 200),
    ]


def test_the_wall_clock_decides_where_the_clocks_change() -> None:
    zone = ZoneInfo(ZONE)
    midnight = localise(SUMMER_TIME, zone)
    early = Speed(start="02:30", end="04:00", percent=50)
    made = day(start=midnight, end=after(midnight, 82_800, zone), speeds=(early,))
    steps = speeds_of(made, ("bicycle", "car"), Horizon.of(made))
    assert steps.profile.tolist() == [1, 1]
    assert steps.from_s.tolist() == [7_200, 10_800], "02:30 is skipped: it begins at 03:00"


@given(
    st.integers(0, 86_000),
    st.integers(0, 9_000),
    st.lists(st.tuples(st.integers(0, 86_000), st.integers(1, 5_000)), max_size=2),
)
def test_the_checker_and_the_walk_agree(
    leave: int, usual: int, rests: list[tuple[int, int]]
) -> None:
    made = day([job()], speeds=(RUSH, NIGHT))
    driving = Driving.of(compile_day(made, Board()).problem, 0)
    _, spent = driving.go(leave, usual)
    assert spent == driving_s(made, "car", after(made.start, leave, made.zone_info), usual)
    taken, free = [], leave
    for begin, length in sorted(rests):
        taken.append((max(begin, free), length))
        free = taken[-1][0] + length
    spans = [
        (
            after(made.start, begin, made.zone_info),
            after(made.start, begin + length, made.zone_info),
        )
        for begin, length in taken
    ]
    _, spent = driving.go(leave, usual, taken)
    depart = after(made.start, leave, made.zone_info)
    assert spent == driving_s(made, "car", depart, usual, spans)


@given(st.integers(20_000, 80_000), st.integers(0, 9_000))
def test_nobody_gains_by_leaving_later_and_the_last_departure_is_in_time(
    there: int, usual: int
) -> None:
    driving = Driving.of(compile_day(day([job()], speeds=(RUSH,)), Board()).problem, 0)
    leave = driving.leave(there, usual)
    assert driving.go(leave, usual)[0] <= there < driving.go(leave + 1, usual)[0]


def test_a_plan_says_how_long_the_way_takes_at_its_hour() -> None:
    made = day([job()], speeds=(RUSH,))
    compiled = compile_day(made, Board())
    solution = time_routes(compiled.problem, [[0]]).solution
    assert solution is not None
    plan = decode(compiled, Result(status=Status.SOLVED, solution=solution))
    (route,) = plan.routes
    assert [leg.travel_s for leg in route.legs] == [1_200, 600]
    assert elapsed_s(route.depart, route.visits[0].start) == 1_200
    assert verify(made, plan, Board()).ok
    faults = verify(day([job()]), plan, Board()).faults
    assert {fault.code for fault in faults} == {"leg.travel-time", "leg.too-slow"}


def test_the_fastest_hour_bounds_every_way() -> None:
    problem = compile_day(day([job()], speeds=(NIGHT,)), Board()).problem
    assert (
        quickest_s(problem.travel_s, problem.speeds).tolist()
        == (-(-problem.travel_s // 2)).tolist()
    )


def test_two_speeds_at_once_are_refused() -> None:
    clash = Speed(start="08:59", end="10:00", percent=80)
    apart = Speed(start="08:59", end="10:00", percent=80, profile="bicycle")
    assert [f.code for f in check_day(day([job()], speeds=(RUSH, clash)))] == ["speed.clash"]
    assert list(check_day(day([job()], [technician()], speeds=(RUSH, apart)))) == []

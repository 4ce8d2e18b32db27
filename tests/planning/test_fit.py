"""What is broken is left aside, and only that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.made import Board as Chessboard
from tests.planning.made import at, day, job, technician, window
from tests.planning.test_rebase import plan_of, spot, who, why

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, CrewTiming, Dependency, Pin, PinLevel, Seat
from dispatch.errors import InvalidInput
from dispatch.planning.fit import Fitted, fit_plan, set_aside
from dispatch.planning.frozen import Broken, Way
from dispatch.planning.standing import Board, Standing
from dispatch.planning.standing import Seat as Place
from dispatch.planning.verify import verify

THREE = [technician(name) for name in ("T1", "T2", "T3")]
NARROW = (window(8.2, 8.3),)


def stands(**visits: tuple[str, float] | None) -> Board:
    """Where the first seat of each job is."""
    return {
        Place(name, 0): Standing(version=1, spot=spot(*where) if where else None)
        for name, where in visits.items()
    }


def fit(board_day: Day, board: Board, before: Board | None = None, **routes: list[str]) -> Fitted:
    found = fit_plan(board_day, Chessboard(), plan_of(**routes), before or {}, board)
    assert verify(found.day, found.plan, Chessboard()).faults == ()
    return found


def test_a_board_that_holds_is_left_as_a_whole() -> None:
    board = stands(J1=("T1", 8.2), J2=("T2", 9))
    found = fit(day([job("J1"), job("J2")], THREE), board)
    assert (found.frozen.broken, found.frozen.jobs, found.conflicts) == ((), frozenset(), ())


def test_the_first_visit_that_does_not_hold_is_named() -> None:
    """The planted one is in the middle: those before it hold, those after it are not to blame."""
    jobs = [job("J1"), job("J2", windows=NARROW), job("J3"), job("J4")]
    board = stands(J1=("T1", 8.2), J2=("T1", 9.2), J3=("T1", 10.2), J4=("T2", 9))
    found = fit(day(jobs, THREE), board)
    planted = Broken(job="J2", rule="window", technician="T1", shift="day")
    assert found.frozen.broken == (planted,)
    assert (found.frozen.routes, found.frozen.jobs) == ({Way("T1", "day")}, {"J1", "J2", "J3"})
    assert who(found) == {"T2": ["J4"]}


def test_two_broken_routes_are_both_left() -> None:
    jobs = [job("J1"), job("J2", windows=NARROW), job("J3", prohibited_technicians=("T2",))]
    board = stands(J1=("T1", 8.2), J2=("T1", 9.2), J3=("T2", 9))
    found = fit(day(jobs, THREE), board)
    assert {(entry.job, entry.rule) for entry in found.frozen.broken} == {
        ("J2", "window"),
        ("J3", "technician.prohibited"),
    }
    assert who(found) == {}


def test_a_plan_that_mends_it_is_taken_as_it_is() -> None:
    jobs = [job("J1"), job("J2", windows=NARROW)]
    board = stands(J1=("T1", 8.2), J2=("T1", 9.2))
    found = fit(day(jobs, THREE), board, board, T1=["J1"], T2=["J2"])
    assert (found.frozen.broken, found.conflicts) == ((), ())
    assert who(found) == {"T1": ["J1"], "T2": ["J2"]}


def test_what_a_plan_moves_to_or_from_such_a_route_is_named() -> None:
    jobs = [job("J1"), job("J2", prohibited_technicians=("T1",)), job("J3"), job("J4")]
    board = stands(J1=("T1", 8.2), J2=("T1", 9.2), J3=("T2", 9), J4=None)
    found = fit(day(jobs, THREE), board, board, T1=["J3", "J2"], T2=["J4"], T3=["J1"])
    assert why(found) == {"J2": "breaks", "J1": "frozen", "J3": "frozen"}
    assert {name: sorted(row) for name, row in who(found).items()} == {"T2": ["J3", "J4"]}
    (moved,) = [entry for entry in found.conflicts if entry.job == "J1"]
    assert (moved.planned, moved.stands) == ("T3", "T1")


@pytest.mark.parametrize("tie", ["crew", "before", "after"])
def test_what_is_tied_to_it_is_left_too(tie: str) -> None:
    crew = Crew(seats=(Seat(), Seat()), timing=CrewTiming.TOGETHER)
    broken, other = job("J2", windows=NARROW), job("J3")
    board = {**stands(J1=("T1", 8.2), J2=("T1", 9.2), J3=("T2", 11), J4=("T3", 9))}
    if tie == "crew":
        broken = replace(broken, crew=crew)
        board[Place("J2", 1)] = Standing(version=1, spot=spot("T2", 9.2))
    elif tie == "after":
        other = replace(other, dependencies=(Dependency(job="J2"),))
    else:
        broken = replace(broken, dependencies=(Dependency(job="J3"),))
        board |= stands(J3=("T2", 8.2))
    found = fit(day([job("J1"), broken, other, job("J4")], THREE), board)
    assert found.frozen.routes == {Way("T1", "day"), Way("T2", "day")}
    assert who(found) == {"T3": ["J4"]}
    reasons = [found.frozen.reason(name) for name in ("T1", "T2", "T3")]
    codes = [reason.code if reason else None for reason in reasons]
    assert codes[0] == "route.broken"
    assert codes[1] in {"route.held", "route.broken"}
    assert codes[2] is None


def test_routes_that_hold_alone_and_not_together_are_left() -> None:
    """Each of two waits for the other's second."""
    jobs = [
        job("J1", dependencies=(Dependency(job="J4"),)),
        job("J2"),
        job("J3", dependencies=(Dependency(job="J2"),)),
        job("J4"),
        job("J5"),
    ]
    board = stands(J1=("T1", 8.2), J2=("T1", 9.2), J3=("T2", 8.2), J4=("T2", 9.2), J5=("T3", 9))
    found = fit(day(jobs, THREE), board)
    assert found.frozen.routes == {Way("T1", "day"), Way("T2", "day")}
    assert who(found) == {"T3": ["J5"]}


def test_a_job_that_contradicts_itself_is_set_aside_with_its_route() -> None:
    pin = Pin(technician="T1", level=PinLevel.TIME, start=at(9))
    jobs = [job("J1", pins=(pin,), windows=(window(12, 13),)), job("J2"), job("J3")]
    board = stands(J1=("T1", 9), J2=("T1", 11), J3=("T2", 9))
    aside = set_aside(day(jobs, THREE), board)
    assert [(entry.job, entry.rule) for entry in aside.broken] == [("J1", "pin.outside-window")]
    assert (aside.jobs, aside.routes) == ({"J1", "J2"}, {Way("T1", "day")})


def test_what_is_about_no_job_refuses_the_day() -> None:
    twice = day([job("J1")], [technician("T1"), technician("T1")])
    with pytest.raises(InvalidInput):
        set_aside(twice, {})

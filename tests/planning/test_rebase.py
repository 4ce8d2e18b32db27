"""A plan put on a board that has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.planning.made import Board, at, day, job, shift, technician, window

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Seat
from dispatch.domain.plan import Plan, PlannedBreak, PlannedVisit, Route
from dispatch.domain.shift import Absence, Break
from dispatch.planning.compile import compile_day
from dispatch.planning.fit import Fitted
from dispatch.planning.rebase import Conflict, Rebased, rebase
from dispatch.planning.standing import Seat as Place
from dispatch.planning.standing import Spot, Standing
from dispatch.planning.verify import verify

EAST_JOBS = [job(f"J{number}") for number in range(1, 5)]
TWO = [technician("T1"), technician("T2")]


def spot(person: str, start: float) -> Spot:
    return Spot(technician=person, shift="day", start=at(start), end=at(start + 1))


def free(*jobs: str, version: int = 1) -> dict[Place, Standing]:
    return {Place(name, 0): Standing(version=version, spot=None) for name in jobs}


def plan_of(**routes: Sequence[str]) -> Plan:
    """Who does which jobs in which order, an hour each from eight on."""
    made = []
    for person, names in routes.items():
        visits = tuple(
            PlannedVisit(
                job=name.partition("/")[0],
                seat=int(name.partition("/")[2] or 0),
                arrive=at(8 + number),
                start=at(8 + number),
                end=at(9 + number),
            )
            for number, name in enumerate(names)
        )
        made.append(
            Route(
                technician=person,
                shift="day",
                depart=at(8),
                finish=at(8 + len(names)),
                visits=visits,
                legs=(),
            )
        )
    return Plan(day="made", currency="EUR", routes=tuple(made), unassigned=(), costs_minor={})


def put(
    board_day: Day, plan: Plan, before: dict[Place, Standing], now: dict[Place, Standing]
) -> Rebased:
    found = rebase(compile_day(board_day, Board()), plan, before, now)
    if not found.broken:
        assert verify(board_day, found.plan, Board()).faults == ()
    return found


def who(found: Rebased | Fitted) -> dict[str, list[str]]:
    return {route.technician: [visit.job for visit in route.visits] for route in found.plan.routes}


def why(found: Rebased | Fitted) -> dict[str, str]:
    return {conflict.job: conflict.why for conflict in found.conflicts}


def test_nothing_has_changed() -> None:
    board = free("J1", "J2", "J3", "J4")
    found = put(day(EAST_JOBS, TWO), plan_of(T1=["J1", "J2"], T2=["J3", "J4"]), board, board)
    assert who(found) == {"T1": ["J1", "J2"], "T2": ["J3", "J4"]}
    assert found.conflicts == ()


def test_what_was_given_to_somebody_else_stays_there() -> None:
    before = free("J1", "J2")
    now = {**before, Place("J1", 0): Standing(version=2, spot=spot("T2", 10))}
    found = put(day(EAST_JOBS[:2], TWO), plan_of(T1=["J1", "J2"]), before, now)
    assert who(found) == {"T1": ["J2"], "T2": ["J1"]}
    assert found.conflicts == (Conflict(job="J1", why="changed", planned="T1", stands="T2"),)


def test_what_was_changed_to_what_the_plan_wants_is_no_conflict() -> None:
    before = free("J1")
    now = {Place("J1", 0): Standing(version=2, spot=spot("T1", 10))}
    found = put(day(EAST_JOBS[:1], TWO), plan_of(T1=["J1"]), before, now)
    assert who(found) == {"T1": ["J1"]}
    assert found.conflicts == ()


def test_what_is_new_since_stays_where_it_is() -> None:
    before = free("J1")
    now = {**before, Place("J2", 0): Standing(version=1, spot=spot("T1", 12))}
    found = put(day(EAST_JOBS[:2], TWO), plan_of(T1=["J1"]), before, now)
    assert who(found) == {"T1": ["J1", "J2"]}
    assert found.conflicts == ()


def test_what_is_not_to_be_done_any_more_is_named() -> None:
    found = put(
        day(EAST_JOBS[:1], TWO),
        plan_of(T1=["J1", "J2"]),
        free("J1", "J2"),
        free("J1"),
    )
    assert who(found) == {"T1": ["J1"]}
    assert why(found) == {"J2": "gone"}


def test_who_does_not_work_any_more_loses_what_the_plan_gave_them() -> None:
    ill = technician("T1", absences=(Absence(start=at(0), end=at(24)),))
    board = free("J1", "J2")
    found = put(day(EAST_JOBS[:2], [ill, TWO[1]]), plan_of(T1=["J1"], T2=["J2"]), board, board)
    assert who(found) == {"T2": ["J2"]}
    assert why(found) == {"J1": "away"}
    assert [entry.job for entry in found.plan.unassigned] == ["J1"]


def test_a_plan_that_moves_it_to_somebody_else_helps_whoever_is_away() -> None:
    ill = technician("T1", absences=(Absence(start=at(0), end=at(24)),))
    board = {Place("J1", 0): Standing(version=1, spot=spot("T1", 9))}
    found = put(day(EAST_JOBS[:1], [ill, TWO[1]]), plan_of(T2=["J1"]), board, board)
    assert who(found) == {"T2": ["J1"]}
    assert found.conflicts == ()


def test_only_the_route_that_breaks_a_rule_is_left_as_it_was() -> None:
    """J9 was put between by hand, so J1 comes too late for its window."""
    jobs = [
        job("J1", windows=(window(8.2, 8.3),)),
        job("J2"),
        job("J9", windows=(window(8.2, 8.3),)),
    ]
    before = free("J1", "J2")
    now = {**before, Place("J9", 0): Standing(version=1, spot=spot("T1", 8.2))}
    found = put(day(jobs, TWO), plan_of(T1=["J1"], T2=["J2"]), before, now)
    assert who(found) == {"T1": ["J9"], "T2": ["J2"]}
    (conflict,) = found.conflicts
    assert (conflict.job, conflict.why, conflict.rule) == ("J1", "broken", "window")


def test_a_board_that_breaks_a_rule_by_itself_is_said() -> None:
    jobs = [job(name, windows=(window(8.2, 8.3),)) for name in ("J1", "J2")]
    board = {
        Place("J1", 0): Standing(version=2, spot=spot("T1", 8.2)),
        Place("J2", 0): Standing(version=2, spot=spot("T1", 8.3)),
    }
    found = put(day(jobs, TWO), plan_of(), {}, board)
    assert {violation.rule.value for violation in found.broken} == {"window"}


@pytest.mark.parametrize("changed", [0, 1])
def test_a_crew_moves_as_a_whole(changed: int) -> None:
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())))
    board_day = day([pair], TWO)
    before = {Place("J1", seat): Standing(version=1, spot=None) for seat in (0, 1)}
    people = ("T2", "T1")
    now = {
        place: Standing(version=1 + (place.seat == changed), spot=spot(people[place.seat], 10))
        for place in before
    }
    before = {place: replace(standing, version=1) for place, standing in now.items()}
    found = put(board_day, plan_of(T1=["J1/0"], T2=["J1/1"]), before, now)
    routes = {route.technician: route.visits[0].seat for route in found.plan.routes}
    assert routes == {"T2": 0, "T1": 1}
    assert why(found) == {"J1": "changed"}


def test_breaks_are_taken_as_they_are_on_the_board() -> None:
    """At its earliest, the one's break would make the other late for what comes after the crew."""
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())), windows=(window(9.25, 12),))
    rest = Break(earliest=at(9), latest=at(14), duration_s=3_600)
    eats = technician("T1", shifts=(shift(breaks=(rest,)),))
    board_day = day([pair, job("J2", windows=(window(10, 10.5),))], [eats, technician("T2")])
    now = {
        Place("J1", 0): Standing(version=1, spot=spot("T1", 9.25)),
        Place("J1", 1): Standing(version=1, spot=spot("T2", 9.25)),
        Place("J2", 0): Standing(version=1, spot=spot("T2", 10.25)),
    }
    compiled, nothing = compile_day(board_day, Board()), plan_of()
    assert rebase(compiled, nothing, {}, now).broken
    taken = (PlannedBreak(start=at(12), end=at(13)),)
    found = rebase(compiled, nothing, {}, now, {("T1", "day"): taken})
    assert not found.broken
    assert verify(board_day, found.plan, Board()).faults == ()
    assert who(found) == {"T1": ["J1"], "T2": ["J1", "J2"]}


def test_what_holds_alone_and_not_together_is_mended_by_the_least() -> None:
    """With the other's break the crew would be too late for J2; so it goes at another time."""
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())), windows=(window(9.25, 12),))
    rest = Break(earliest=at(9), latest=at(14), duration_s=3_600)
    eats = technician("T1", shifts=(shift(breaks=(rest,)),))
    jobs = [pair, job("J2", windows=(window(10, 10.5),))]
    board_day = day(jobs, [eats, technician("T2"), technician("T3")])
    now = {
        Place("J1", 0): Standing(version=1, spot=spot("T1", 9.25)),
        Place("J1", 1): Standing(version=1, spot=spot("T2", 9.25)),
        Place("J2", 0): Standing(version=1, spot=spot("T3", 10.25)),
    }
    wanted = plan_of(T1=["J1"], T2=["J1/1", "J2"])
    first = replace(wanted.routes[0].visits[0], start=at(10.25), end=at(11.25))
    rested = (PlannedBreak(start=at(9), end=at(10)),)
    late = replace(wanted.routes[0], visits=(first,), breaks=rested)
    wanted = replace(wanted, routes=(late, wanted.routes[1]))
    found = put(board_day, wanted, now, now)
    assert found.conflicts == ()
    placed = {name: sorted(row) for name, row in who(found).items()}
    assert placed == {"T1": ["J1"], "T2": ["J1", "J2"]}


NARROW = (window(8.2, 8.3),)
"""Nobody has time for two of them."""


def stands(person: str, start: float, version: int = 1) -> Standing:
    return Standing(version=version, spot=spot(person, start))


def test_no_more_is_taken_out_than_has_to_go() -> None:
    """J9 was put between by hand; J1 cannot stay for it, and J2 can."""
    jobs = [job("J1", windows=NARROW), job("J2"), job("J9", windows=NARROW)]
    before = {**free("J1"), Place("J2", 0): stands("T2", 9)}
    now = {**before, Place("J9", 0): stands("T1", 8.2)}
    found = put(day(jobs, TWO), plan_of(T1=["J1", "J2"]), before, now)
    assert who(found) == {"T1": ["J9", "J2"]}
    assert why(found) == {"J1": "broken"}


def test_what_does_not_fit_where_it_was_to_go_goes_back() -> None:
    jobs = [job("J1", windows=NARROW), job("J2"), job("J9", windows=NARROW)]
    before = {Place("J1", 0): stands("T1", 8.2), Place("J2", 0): stands("T2", 9)}
    now = {**before, Place("J9", 0): stands("T2", 8.2)}
    found = put(day(jobs, TWO), plan_of(T1=["J2"], T2=["J1"]), before, now)
    assert who(found) == {"T1": ["J1", "J2"], "T2": ["J9"]}
    assert found.conflicts == (
        Conflict(job="J1", why="broken", planned="T2", stands="T1", rule="window"),
    )


def test_what_cannot_go_back_goes_to_whoever_can() -> None:
    """The plan has given the place of J1 to J2, and J1 the one that J9 has now."""
    jobs = [job(name, windows=NARROW) for name in ("J1", "J2", "J9")]
    before = {Place("J1", 0): stands("T1", 8.2), Place("J2", 0): stands("T2", 8.2)}
    now = {**before, Place("J9", 0): stands("T3", 8.2)}
    found = put(day(jobs, [*TWO, technician("T3")]), plan_of(T1=["J2"], T3=["J1"]), before, now)
    assert who(found) == {"T1": ["J2"], "T2": ["J1"], "T3": ["J9"]}
    assert why(found) == {"J1": "broken"}


def test_what_nobody_can_take_any_more_is_named_as_lost() -> None:
    jobs = [job(name, windows=NARROW) for name in ("J1", "J2", "J9")]
    before = {Place("J1", 0): stands("T1", 8.2), **free("J2")}
    now = {**before, Place("J9", 0): stands("T2", 8.2)}
    plan = plan_of(T1=["J2"], T2=["J1"])
    found = put(day(jobs, TWO), plan, before, now)
    assert sorted(who(found).values()) == [["J2"], ["J9"]]
    assert why(found) == {"J1": "dropped"}


def test_what_a_plan_leaves_out_stays_where_nothing_takes_its_place() -> None:
    """J2 was to have the place of J1, and somebody has given it another meanwhile."""
    jobs = [job(name, windows=NARROW) for name in ("J1", "J2")]
    before = {Place("J1", 0): stands("T1", 8.2), **free("J2")}
    now = {**before, Place("J2", 0): stands("T2", 8.2, version=2)}
    found = put(day(jobs, TWO), plan_of(T1=["J2"]), before, now)
    assert who(found) == {"T1": ["J1"], "T2": ["J2"]}
    assert why(found) == {"J2": "changed"}

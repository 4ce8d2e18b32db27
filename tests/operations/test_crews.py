"""A crew of whom some have ended: the rest is planned as before."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, Desk
from tests.planning.made import at, job, technician
from tests.planning.made import day as made_day

from dispatch.domain.action import Action, ActionKind, NotDone, Outcome
from dispatch.domain.job import Crew, Seat
from dispatch.domain.position import Position
from dispatch.domain.states.visit import VisitState
from dispatch.operations.board.release import release_day
from dispatch.operations.execute.batch import take_batch
from dispatch.operations.publish_plan import Published
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow

PAIR = Crew(seats=(Seat(duration_s=1_800), Seat(duration_s=7_200)))
EAST = Position(0.0, 0.1)
_number = count(1)
BEGIN = (ActionKind.DEPART, ActionKind.CHECK_IN, ActionKind.START)


@pytest.fixture
def desk(database: Database, clock: SetClock) -> Desk:
    """A crew of two has been told of a job, and another job is left for one of them."""
    people = [technician("T1"), technician("T2")]
    made = Desk(database).imported(made_day([job("J1", crew=PAIR), job("J2")], people))
    made.publish(made.plan())
    release_day(database, OWNER, DATE)
    start = seat(database, 0).start_at
    assert start is not None
    clock.now = start
    return made


def seat(database: Database, number: int) -> VisitRow:
    """The newest visit of a seat."""
    with database.work(OWNER) as work:
        return [row for row in work.by_key(JobRow, "J1").visits if row.seat == number][-1]


def say(database: Database, number: int, *kinds: ActionKind) -> None:
    visit = seat(database, number)
    assert visit.technician_id is not None
    now = database.clock()
    actions = [
        Action(
            sequence=next(_number),
            kind=kind,
            visit=visit.id,
            happened_at=now,
            position=EAST,
            reason=NotDone.NO_ACCESS if kind is ActionKind.NOT_DONE else None,
            note="so it was",
        )
        for kind in kinds
    ]
    told = take_batch(database, OWNER, visit.technician_id, "phone", actions, sent_at=now)
    assert [answer.outcome for answer in told] == [Outcome.APPLIED] * len(kinds), told


def planned(desk: Desk) -> Published:
    published = desk.publish(desk.plan())
    assert published.conflicts == ()
    return published


@pytest.mark.parametrize("first", [0, 1])
def test_whoever_is_still_at_it_stays_when_the_other_has_ended(
    desk: Desk, database: Database, clock: SetClock, first: int
) -> None:
    for number in (0, 1):
        say(database, number, *BEGIN)
    clock.now += timedelta(minutes=30)
    say(database, first, ActionKind.COMPLETE)
    before = seat(database, 1 - first)
    planned(desk)
    (left,) = [entry for entry in desk.last.day.jobs if entry.id == "J1"]
    assert left.crew is not None
    assert left.crew.seats == (PAIR.seats[1 - first],)
    after = seat(database, 1 - first)
    assert (after.technician_id, after.start_at) == (before.technician_id, before.start_at)
    assert after.state is VisitState.IN_PROGRESS


def test_what_one_of_two_could_not_do_is_planned_again_for_one(
    desk: Desk, database: Database
) -> None:
    say(database, 0, *BEGIN, ActionKind.COMPLETE)
    say(database, 1, *BEGIN, ActionKind.NOT_DONE)
    assert seat(database, 1).part == 1
    planned(desk)
    again = seat(database, 1)
    assert again.state is VisitState.SCHEDULED
    assert again.start_at is not None
    assert again.end_at == again.start_at + timedelta(hours=2)


def test_a_follow_up_waits_until_the_others_have_ended(desk: Desk, database: Database) -> None:
    say(database, 1, *BEGIN)
    say(database, 0, *BEGIN, ActionKind.NOT_DONE)
    planned(desk)
    assert seat(database, 0).state is VisitState.UNSCHEDULED
    assert seat(database, 1).state is VisitState.IN_PROGRESS
    say(database, 1, ActionKind.COMPLETE)
    planned(desk)
    assert seat(database, 0).state is VisitState.SCHEDULED


def test_both_go_again_together_when_neither_could(desk: Desk, database: Database) -> None:
    for number in (0, 1):
        say(database, number, *BEGIN, ActionKind.NOT_DONE)
    planned(desk)
    one, two = seat(database, 0), seat(database, 1)
    assert (one.part, two.part) == (1, 1)
    assert one.start_at == two.start_at != None  # noqa: E711 - both are planned
    assert one.technician_id != two.technician_id
    assert one.start_at is not None
    assert at(8) <= one.start_at

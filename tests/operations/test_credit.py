"""Credit scores: what moves them, and that nothing else does."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, Desk, two_technicians
from tests.operations.pools import PHONE, claim, offer, person, visit_of
from tests.planning.made import at

from dispatch.domain.action import Action, ActionKind, Outcome
from dispatch.domain.credit import FIRST, CreditKind, level_of, moved
from dispatch.errors import InvalidValue
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.release import release_day
from dispatch.operations.credit.correct import correct_score
from dispatch.operations.credit.miss import note_no_shows
from dispatch.operations.execute.batch import take_batch
from dispatch.operations.push.answer import accept_push
from dispatch.operations.push.send import send_push
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.credit import score_of
from dispatch.store.database import Database
from dispatch.store.rows.credit import CreditRow

K = CreditKind


@pytest.fixture
def town(database: Database) -> Database:
    Desk(database).imported(two_technicians())
    return database


def history(database: Database, key: str = "T1") -> list[tuple[CreditKind, int]]:
    who = person(database, key)
    with database.work(OWNER) as work:
        rows = work.session.query(CreditRow).filter_by(technician_id=who).order_by(CreditRow.number)
        return [(row.kind, row.points) for row in rows]


def score(database: Database, key: str = "T1") -> int:
    who = person(database, key)
    with database.work(OWNER) as work:
        return score_of(work, who)


def released(database: Database) -> UUID:
    """J1 is T1's, who has been told."""
    visit = visit_of(database, "J1").id
    assign_visit(database, OWNER, visit, person(database, "T1"), TRAVEL)
    release_day(database, OWNER, DATE)
    return visit


def say(
    database: Database, visit: UUID, kinds: str, when: datetime, *, first: int = 1
) -> list[Outcome]:
    actions = [
        Action(sequence=first + number, kind=ActionKind(kind), visit=visit, happened_at=when)
        for number, kind in enumerate(kinds.split())
    ]
    who = person(database, "T1")
    answers = take_batch(database, PHONE, who, "phone", actions, sent_at=database.clock())
    return [answer.outcome for answer in answers]


ALL = "depart check_in start complete"


@pytest.mark.parametrize(
    ("late_s", "expected"), [(0, (K.ON_TIME, 1)), (900, (K.ON_TIME, 1)), (901, (K.CAME_LATE, -2))]
)
def test_coming_on_time_and_late(
    town: Database, clock: SetClock, late_s: int, expected: tuple[CreditKind, int]
) -> None:
    visit = released(town)
    start = visit_of(town, "J1").start_at
    assert start is not None
    when = start + timedelta(seconds=late_s)
    clock.now = when + timedelta(hours=1)
    assert set(say(town, visit, ALL, when)) == {Outcome.APPLIED}
    assert history(town) == [expected]
    assert score(town) == FIRST + expected[1]
    say(town, visit, ALL, when)
    assert len(history(town)) == 1


def test_handing_back_what_one_had_claimed(town: Database, clock: SetClock) -> None:
    assert claim(town, offer(town, "J1"), "T1") == "won"
    transfer_visit(
        town, PHONE, visit_of(town, "J1").id, TRAVEL, reason="ill", owner=person(town, "T1")
    )
    assert history(town) == [(K.HANDED_BACK, -3)]
    clock.now = at(5)
    assert claim(town, offer(town, "J1"), "T1") == "won"
    transfer_visit(
        town, PHONE, visit_of(town, "J1").id, TRAVEL, reason="ill", owner=person(town, "T1")
    )
    assert history(town)[1] == (K.HANDED_BACK_LATE, -10)
    assert score(town) == FIRST - 13


def test_handing_on_what_one_had_accepted(town: Database) -> None:
    visit, one = visit_of(town, "J1").id, person(town, "T1")
    push = send_push(town, OWNER, visit, TRAVEL, technician=one)
    accept_push(town, PHONE, push, one, TRAVEL)
    two = person(town, "T2")
    transfer_visit(town, PHONE, visit, TRAVEL, reason="far", owner=one, to=two)
    assert (history(town), history(town, "T2")) == ([(K.HANDED_BACK, -3)], [])


def test_what_was_planned_or_a_dispatcher_takes_is_no_fault(town: Database) -> None:
    visit, one = released(town), person(town, "T1")
    transfer_visit(town, PHONE, visit, TRAVEL, reason="ill", owner=one)
    assert claim(town, offer(town, "J2"), "T1") == "won"
    transfer_visit(town, OWNER, visit_of(town, "J2").id, TRAVEL, reason="needed elsewhere")
    assert history(town) == []


def test_of_who_is_not_heard_of_it_is_noted_once(town: Database, clock: SetClock) -> None:
    released(town)
    end = visit_of(town, "J1").end_at
    assert end is not None
    clock.now = end + timedelta(hours=2) - timedelta(seconds=1)
    assert note_no_shows(town, WORKER) == 0
    clock.forward(seconds=1)
    assert (note_no_shows(town, WORKER), note_no_shows(town, WORKER)) == (1, 0)
    assert history(town) == [(K.NO_SHOW, -20)]


def test_whoever_was_there_without_a_signal_gets_it_back(town: Database, clock: SetClock) -> None:
    visit = released(town)
    row = visit_of(town, "J1")
    assert row.start_at is not None
    assert row.end_at is not None
    clock.now = row.end_at + timedelta(hours=3)
    assert note_no_shows(town, WORKER) == 1
    say(town, visit, ALL, row.start_at)
    assert history(town) == [(K.NO_SHOW, -20), (K.SHOWED, 20), (K.ON_TIME, 1)]
    assert score(town) == FIRST + 1


def test_who_is_at_it_or_was_not_told_is_no_no_show(town: Database, clock: SetClock) -> None:
    visit = released(town)
    assign_visit(town, OWNER, visit_of(town, "J2").id, person(town, "T2"), TRAVEL)
    clock.now = at(9)
    say(town, visit, "depart", at(8))
    clock.now = at(23)
    assert note_no_shows(town, WORKER) == 0


def test_a_manager_puts_it_right_with_a_reason(town: Database) -> None:
    one = person(town, "T1")
    assert correct_score(town, OWNER, one, points=-100, reason="planted") == 0
    assert correct_score(town, OWNER, one, points=60, reason="it was another's fault") == 60
    assert history(town) == [(K.CORRECTED, -FIRST), (K.CORRECTED, 60)]
    for points, reason in ((1, " "), (101, "x"), (-101, "x"), (1, "x" * 501)):
        with pytest.raises(InvalidValue):
            correct_score(town, OWNER, one, points=points, reason=reason)


def test_the_history_is_never_changed(town: Database) -> None:
    correct_score(town, OWNER, person(town, "T1"), points=1, reason="x")
    for statement in ("UPDATE credit SET points = 50", "DELETE FROM credit"):
        with pytest.raises(DBAPIError), town.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_score_keeps_its_bounds_and_has_a_level() -> None:
    assert (moved(95, 20), moved(5, -20), moved(50, -10)) == (100, 0, 40)
    assert [level_of(score) for score in (0, 19, 20, 59, 60, 79, 80, 100)] == [
        *(1, 1, 2, 3, 4, 4, 5, 5),
    ]

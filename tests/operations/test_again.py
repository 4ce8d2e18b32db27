"""What was not done, or done in part, can be changed, given up and gone to again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.goes import asked, found, states
from tests.operations.phones import K, action, outcomes, say, whole
from tests.planning.made import at, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.action import NotDone
from dispatch.domain.customer_link import WishKind
from dispatch.domain.job import Crew, Seat
from dispatch.domain.states.job import JobAction, JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import InvalidInput, Refused
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.execute.on_behalf import end_for_technician
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import edit_job
from dispatch.operations.jobs.decide import cancel_job, resume_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.operations.links.make import make_link
from dispatch.operations.links.wish import decide_wish, make_wish
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow

V, A = VisitState, JobAction
TOMORROW = DATE + timedelta(days=1)
LATER = window(24 + 9, 24 + 12)
"""Tomorrow in the morning."""
ABSENT, DECLINED = NotDone.CUSTOMER_ABSENT, NotDone.CUSTOMER_DECLINED
RESTS = [ABSENT, None]
"""Nobody was there; a part of it is done."""


def left(database: Database, visit: VisitRow, reason: NotDone | None) -> None:
    """It ends without being done, or with a part of it if nothing is said."""
    *before, last = whole(visit, K.SUSPEND if reason is None else K.NOT_DONE)
    steps = [*before, replace(last, reason=reason)]
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4


def tomorrow(database: Database) -> None:
    """The same people work tomorrow."""
    hours = shift(24 + 8, 24 + 16, "next")
    people = [technician(name, shifts=(hours,)) for name in ("T1", "T2")]
    import_day(database, OWNER, made_day([], people, start=at(24), end=at(48)))


def wish(database: Database, visit: VisitRow, kind: WishKind) -> UUID:
    link = make_link(database, OWNER, visit.job_id, days=1)
    asked_for = LATER if kind is WishKind.WINDOW else None
    return make_wish(database, OWNER, visit.job_id, link.id, kind=kind, window=asked_for)


@pytest.mark.parametrize("reason", RESTS)
def test_it_can_be_given_up(database: Database, visit: VisitRow, reason: NotDone | None) -> None:
    left(database, visit, reason)
    assert A.CANCEL in asked(database)
    cancel_job(database, OWNER, visit.job_id, why="The customer has called off.")
    ended = V.SUSPENDED if reason is None else V.NOT_DONE
    assert states(database) == [(0, 0, ended), (1, 0, V.CANCELLED)]
    assert found(database).state is JobState.CANCELLED
    assert asked(database) == set()


@pytest.mark.parametrize("reason", RESTS)
def test_it_gets_another_window_and_somebody_goes_then(
    database: Database, visit: VisitRow, reason: NotDone | None
) -> None:
    tomorrow(database)
    left(database, visit, reason)
    edited = job("J1", windows=(LATER,), priority=1)
    edit_job(database, OWNER, visit.job_id, edited, expected=None)
    rest = found(database).visits[-1]
    assert candidates(database, OWNER, rest.id, TRAVEL, day=TOMORROW).able
    assert visit.technician_id is not None
    assign_visit(database, OWNER, rest.id, visit.technician_id, TRAVEL, day=TOMORROW)
    (first, second) = found(database).visits
    assert first.state is (V.SUSPENDED if reason is None else V.NOT_DONE)
    assert second.state is V.SCHEDULED
    assert second.start_at is not None
    assert LATER.start <= second.start_at <= LATER.end


@pytest.mark.parametrize("reason", RESTS)
@pytest.mark.parametrize("kind", list(WishKind))
def test_what_its_customer_wishes_for_is_granted(
    database: Database, visit: VisitRow, reason: NotDone | None, kind: WishKind
) -> None:
    left(database, visit, reason)
    decide_wish(database, OWNER, wish(database, visit, kind), grant=True)
    row = found(database)
    if kind is WishKind.CANCEL:
        assert row.state is JobState.CANCELLED
    else:
        assert (row.earliest, row.latest) == (LATER.start, LATER.end)
        assert [visit.promised_from for visit in row.visits] == [None, LATER.start]


@pytest.mark.parametrize("reason", RESTS)
def test_a_file_may_move_it(database: Database, visit: VisitRow, reason: NotDone | None) -> None:
    left(database, visit, reason)
    moved = made_day([job("J1", windows=(LATER,))], [technician("T1"), technician("T2")])
    assert import_day(database, OWNER, moved).kinds["job"].changed == 1
    assert found(database).earliest == LATER.start
    assert [state for _, _, state in states(database)][1:] == [V.UNSCHEDULED]


def test_it_can_be_split(database: Database, visit: VisitRow) -> None:
    left(database, visit, ABSENT)
    assert A.SPLIT in asked(database)
    halves = [Part(duration_s=1_800), Part(duration_s=1_800)]
    assert len(split_job(database, OWNER, visit.job_id, halves)) == 2


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_what_somebody_is_at_or_has_done_is_neither_changed_nor_given_up(
    database: Database, visit: VisitRow, steps: int
) -> None:
    say(database, visit, *whole(visit)[:steps])
    assert not asked(database) & {A.CANCEL, A.SPLIT}
    with pytest.raises(Refused, match=r"job\.begun" if steps < 4 else r"state\.job"):
        cancel_job(database, OWNER, visit.job_id, why="x")
    with pytest.raises(Refused, match=r"job\.begun"):
        edit_job(database, OWNER, visit.job_id, job("J1", priority=1), expected=None)
    with pytest.raises(Refused, match=r"wish\.too-late"):
        wish(database, visit, WishKind.CANCEL)
    if steps < 4:
        changed = made_day([job("J1", priority=1)], [technician("T1"), technician("T2")])
        with pytest.raises(InvalidInput, match=r"import\.job\.begun"):
            import_day(database, OWNER, changed)


def test_a_rest_that_somebody_is_at_is_not_given_up(database: Database, visit: VisitRow) -> None:
    left(database, visit, ABSENT)
    with database.work(OWNER) as work:
        rest = work.by_key(JobRow, "J1").visits[-1]
        rest.technician_id, rest.start_at, rest.end_at = visit.technician_id, at(11), at(12)
        rest.state = V.ON_SITE
        work.commit()
    assert asked(database) == {A.HOLD}
    with pytest.raises(Refused, match=r"job\.begun"):
        cancel_job(database, OWNER, visit.job_id, why="x")


@pytest.mark.parametrize("by", ["phone", "desk"])
def test_a_job_that_its_customer_has_declined_waits_for_a_decision(
    database: Database, visit: VisitRow, by: str
) -> None:
    if by == "phone":
        left(database, visit, DECLINED)
    else:
        say(database, visit, action(visit, 1, K.DEPART))
        end_for_technician(database, OWNER, visit.id, reason=DECLINED, why="They rang.")
    assert states(database) == [(0, 0, V.NOT_DONE), (1, 0, V.UNSCHEDULED)]
    assert found(database).state is JobState.ON_HOLD
    assert asked(database) == {A.RESUME, A.CANCEL}
    with database.work(OWNER) as work:
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "job.held")).one()
        assert event.note == "customer_declined"
    desk = Desk(database)
    desk.plan()
    assert [entry.id for entry in desk.last.day.jobs] == []
    resume_job(database, OWNER, visit.job_id)
    desk.plan()
    assert [entry.id for entry in desk.last.day.jobs] == ["J1"]


def test_one_that_was_held_already_is_held_still_when_it_is_declined(
    database: Database, visit: VisitRow
) -> None:
    with database.work(OWNER) as work:
        work.by_key(JobRow, "J1").state = JobState.ON_HOLD
        work.commit()
    left(database, visit, DECLINED)
    assert found(database).state is JobState.ON_HOLD


@pytest.fixture
def pair(database: Database, clock: SetClock) -> list[VisitRow]:
    """Two visits of a crew that both have been told of."""
    crew = Crew(seats=(Seat(), Seat()))
    Desk(database).imported(made_day([job("J1", crew=crew)], [technician("T1"), technician("T2")]))
    desk = Desk(database)
    desk.publish(desk.plan())
    clock.now = at(8)
    with database.work(OWNER) as work:
        rows = work.by_key(JobRow, "J1").visits
        for row in rows:
            row.state = V.DISPATCHED
        work.commit()
        return list(rows)


def test_nobody_else_of_the_crew_sets_off_for_what_is_declined(
    database: Database, pair: list[VisitRow]
) -> None:
    left(database, pair[0], DECLINED)
    assert sorted(states(database)) == [
        (0, 0, V.NOT_DONE),
        (0, 1, V.UNSCHEDULED),
        (1, 0, V.UNSCHEDULED),
    ]
    assert found(database).state is JobState.ON_HOLD


def test_a_crew_that_shrinks_and_grows_again_goes_together(
    database: Database, pair: list[VisitRow]
) -> None:
    for row in pair:
        left(database, row, ABSENT)
    assert (1, 1, V.UNSCHEDULED) in states(database)
    for crew in (Crew(seats=(Seat(),)), Crew(seats=(Seat(), Seat(), Seat()))):
        edited = job("J1", crew=crew)
        edit_job(database, OWNER, pair[0].job_id, edited, expected=None)
        rest = [one for one in states(database) if one[2] is V.UNSCHEDULED]
        assert sorted(rest) == [(1, seat, V.UNSCHEDULED) for seat in range(len(crew.seats))]

"""What a customer wishes for is done when it is granted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import Desk, two_technicians
from tests.operations.phones import say, whole
from tests.planning.made import at, window

from dispatch.domain.customer_link import WishKind
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.domain.states.wish import WishState
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.jobs.decide import cancel_job
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.links.look import look_at_job
from dispatch.operations.links.make import make_link
from dispatch.operations.links.wish import decide_wish, make_wish
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import BoardRow

S = WishState


def test_a_visit_is_free_again_when_its_customer_gets_another_day(database: Database) -> None:
    desk = Desk(database).imported(two_technicians())
    desk.publish(desk.plan())
    with database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1")
        before = work.session.scalars(select(BoardRow.version)).one()
        (visit,) = job.visits
        assert visit.state is VisitState.SCHEDULED
    link = make_link(database, OWNER, job.id, days=1)
    day = timedelta(days=1)
    wished = window(10, 12)
    wished = type(wished)(start=wished.start + day, end=wished.end + day)
    wish = make_wish(database, OWNER, job.id, link.id, kind=WishKind.WINDOW, window=wished)
    decide_wish(database, OWNER, wish, grant=True)
    with database.work(OWNER) as work:
        (visit,) = work.get(JobRow, job.id).visits
        assert (visit.state, visit.technician_id) == (VisitState.UNSCHEDULED, None)
        assert (visit.promised_from, visit.promised_to) == (wished.start, wished.end)
        assert work.session.scalars(select(BoardRow.version)).one() > before


def test_a_window_that_is_over_is_not_granted(database: Database, clock: SetClock) -> None:
    Desk(database).imported(two_technicians())
    clock.now = at(6)
    with database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1")
    link = make_link(database, OWNER, job.id, days=1)
    wished = window(10, 12)
    wish = make_wish(database, OWNER, job.id, link.id, kind=WishKind.WINDOW, window=wished)
    clock.now = at(12)
    with pytest.raises(Refused) as refused:
        decide_wish(database, OWNER, wish, grant=True)
    assert refused.value.code == "wish.past"
    decide_wish(database, OWNER, wish, grant=False)


@pytest.mark.parametrize(("starts_h", "lasts_s"), [(10, 899), (10, 0), (-1, 3_600)])
def test_a_window_that_nobody_can_keep_is_not_taken(
    database: Database, clock: SetClock, starts_h: int, lasts_s: int
) -> None:
    Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1")
    link = make_link(database, OWNER, job.id, days=1)
    start = clock.now + timedelta(hours=starts_h)
    wished = Window(start=start, end=start + timedelta(seconds=lasts_s))
    with pytest.raises(InvalidValue):
        make_wish(database, OWNER, job.id, link.id, kind=WishKind.WINDOW, window=wished)


def wished(database: Database, clock: SetClock, job: UUID) -> tuple[UUID, UUID]:
    """The customer wishes for another day, and to cancel, while there is time for it."""
    clock.now = at(1)
    link = make_link(database, OWNER, job, days=1)
    return (
        make_wish(database, OWNER, job, link.id, kind=WishKind.WINDOW, window=window(34, 36)),
        make_wish(database, OWNER, job, link.id, kind=WishKind.CANCEL),
    )


def wishes(database: Database, job: UUID) -> list[WishState]:
    return [wish.state for wish in look_at_job(database, OWNER, job).wishes]


def closed(database: Database) -> list[str | None]:
    with database.work(OWNER) as work:
        query = select(EventRow).where(EventRow.kind == "wish.closed").order_by(EventRow.number)
        return [event.note for event in work.session.scalars(query)]


def test_wishes_end_with_the_work(database: Database, visit: VisitRow, clock: SetClock) -> None:
    asked = wished(database, clock, visit.job_id)
    clock.now = at(8)
    say(database, visit, *whole(visit)[:3])
    assert wishes(database, visit.job_id) == [S.ASKED, S.ASKED]
    say(database, visit, *whole(visit)[3:])
    assert wishes(database, visit.job_id) == [S.CLOSED, S.CLOSED]
    assert closed(database) == ["completed"] * 2
    reopen_job(database, OWNER, visit.job_id, why="It drips again.")
    for wish in asked:
        with pytest.raises(Refused, match=r"state\.wish"):
            decide_wish(database, OWNER, wish, grant=True)
    fresh = wished(database, clock, visit.job_id)
    decide_wish(database, OWNER, fresh[1], grant=True)
    assert wishes(database, visit.job_id) == [S.CLOSED, S.CLOSED, S.CLOSED, S.GRANTED]


def test_wishes_end_with_a_job_that_is_cancelled(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    wished(database, clock, visit.job_id)
    cancel_job(database, OWNER, visit.job_id, why="The customer has called.")
    assert wishes(database, visit.job_id) == [S.CLOSED, S.CLOSED]
    assert closed(database) == ["cancelled"] * 2


def test_a_wish_from_before_is_closed_when_a_job_is_reopened(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    """An older version left it open."""
    wished(database, clock, visit.job_id)
    with database.work(OWNER) as work:
        work.get(VisitRow, visit.id).state = VisitState.COMPLETED
        work.get(JobRow, visit.job_id).state = JobState.COMPLETED
        work.commit()
    reopen_job(database, OWNER, visit.job_id, why="It drips again.")
    assert wishes(database, visit.job_id) == [S.CLOSED, S.CLOSED]
    assert closed(database) == ["reopened"] * 2

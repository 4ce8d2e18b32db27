"""What a customer wishes for is done when it is granted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import Desk, two_technicians
from tests.planning.made import window

from dispatch.domain.customer_link import WishKind
from dispatch.domain.states.visit import VisitState
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue
from dispatch.operations.links.make import make_link
from dispatch.operations.links.wish import decide_wish, make_wish
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.plans import BoardRow


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

"""What people decide about jobs is written down, with why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import Desk, two_technicians
from tests.planning.made import job

from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused
from dispatch.operations.jobs.create import edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow

EDITED = job("J1", priority=2, duration_s=1_800)


@pytest.fixture(params=["free", "planned"])
def desk(database: Database, request: pytest.FixtureRequest) -> Desk:
    """A board with nothing on it, and one with all of its jobs."""
    found = Desk(database).imported(two_technicians())
    if request.param == "planned":
        found.publish(found.plan())
    return found


def told(desk: Desk, kind: str) -> list[tuple[str | None, str | None, str | None]]:
    """The state before and after each event of a kind, and why."""
    with desk.database.work(OWNER) as work:
        events = work.session.scalars(select(EventRow).where(EventRow.kind == kind)).all()
    return [
        ((event.before or {}).get("state"), (event.after or {}).get("state"), event.note)
        for event in events
    ]


def state(desk: Desk) -> str:
    with desk.database.work(OWNER) as work:
        return work.by_key(JobRow, "J1").state.value


def test_holding_cancelling_and_letting_go_on_are_written_down(desk: Desk) -> None:
    with desk.database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1").id
    first = state(desk)
    hold_job(desk.database, OWNER, row, why="The customer is away.")
    assert told(desk, "job.held") == [(first, "on_hold", "The customer is away.")]
    resume_job(desk.database, OWNER, row)
    assert told(desk, "job.resumed") == [("on_hold", "open", None)]
    cancel_job(desk.database, OWNER, row, why="The customer has called off.")
    assert told(desk, "job.cancelled") == [("open", "cancelled", "The customer has called off.")]


def test_what_a_job_says_otherwise_is_written_down(desk: Desk) -> None:
    with desk.database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1").id
    changes: list[tuple[str, Callable[[], None]]] = [
        ("job.edited", lambda: edit_job(desk.database, OWNER, row, EDITED, expected=None)),
        ("job.prioritised", lambda: prioritise_job(desk.database, OWNER, row, 1)),
    ]
    for kind, change in changes:
        change()
        assert len(told(desk, kind)) == 1


@pytest.mark.parametrize("how", ["completed", "cancelled"])
def test_what_has_ended_is_not_edited(database: Database, visit: VisitRow, how: str) -> None:
    if how == "cancelled":
        cancel_job(database, OWNER, visit.job_id, why="called off")
    else:
        with database.work(OWNER) as work:
            work.get(VisitRow, visit.id).state = VisitState(how)
            work.commit()
    with pytest.raises(Refused) as refused:
        edit_job(database, OWNER, visit.job_id, EDITED, expected=None)
    assert refused.value.code == "job.begun"
    with database.work(OWNER) as work:
        assert len(work.by_key(JobRow, "J1").visits) == 1


def test_holding_back_takes_nothing_from_who_is_at_it(database: Database, visit: VisitRow) -> None:
    with database.work(OWNER) as work:
        row = work.get(VisitRow, visit.id)
        row.state = VisitState.ON_SITE
        claimed = OfferRow(
            id=new_id(),
            outlet_id=row.outlet_id,
            visit_id=row.id,
            mode=OfferMode.FIRST_COME,
            state=OfferState.CLAIMED,
            fee_minor=100,
            currency="EUR",
            published_at=work.now,
            expires_at=work.now,
            technician_id=row.technician_id,
            claimed_at=work.now,
        )
        work.session.add(claimed)
        work.commit()
    hold_job(database, OWNER, visit.job_id, why="The customer is away.")
    with database.work(OWNER) as work:
        assert work.get(OfferRow, claimed.id).state is OfferState.CLAIMED

"""End a visit for a technician who cannot go on and cannot say so."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.action import ActionKind, NotDone
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import VISIT, VisitAction
from dispatch.operations.execute.rest import leave_rest
from dispatch.operations.execute.working_time import count_time
from dispatch.operations.jobs.decide import held_job
from dispatch.store.board import day_of, touch_days
from dispatch.store.database import Database
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.work import Work, expect


def end_for_technician(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    *,
    reason: NotDone,
    why: str,
    expected: int | None = None,
) -> None:
    """Say of a visit that is under way that it was not done, for whoever is at it.

    As if they had said it themselves: another visit is there for the work, and it stays on their
    route as it ended. It costs them nothing, and the log says who has done it. What their phone
    says of it later goes to the inbox.

    Raises
    ------
    Missing, Stale
        There is no such visit; it is not at the version that is expected.
    Refused
        ``state.visit``: nobody is at it or on the way to it, or it has ended.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id)
        job = held_job(work, visit.job_id)
        expect(visit, expected)
        _end(work, visit, f"{reason.value}: {why}")
        leave_rest(work, job, visit, reason)
        touch_days(work.session, [day_of(work.session, visit)])
        work.commit()


def _end(work: Work, visit: VisitRow, why: str) -> None:
    visit.state = VISIT.after(VisitAction.FAIL, visit.state)
    count_time(ActionKind.NOT_DONE, visit, work.now)
    work.note("visit.not_done", visit, why=why, happened_at=work.now)

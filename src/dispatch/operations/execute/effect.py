"""What an action does to its visit, its job, and what has to follow."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain.action import MOVES, Action, ActionKind
from dispatch.domain.states.visit import ENDED, VISIT
from dispatch.operations.execute.completion import write_completion, write_parts
from dispatch.operations.execute.rest import leave_rest
from dispatch.operations.execute.working_time import count_time
from dispatch.store.board import day_of, touch_days
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.work import Work


def held_visit(work: Work, visit: UUID) -> VisitRow | None:
    """It and all others of its job, held in the order in which everybody holds them."""
    job = select(VisitRow.job_id).where(VisitRow.id == visit).scalar_subquery()
    query = (
        select(VisitRow)
        .where(VisitRow.job_id == job)
        .order_by(VisitRow.id)
        .with_for_update(of=VisitRow)
        .execution_options(populate_existing=True)
    )
    return next((row for row in work.session.scalars(query) if row.id == visit), None)


def apply(work: Work, action: Action, row: ActionRow, visit: VisitRow) -> None:
    """Let it have its effect: on the visit, its job, and what has to follow."""
    visit.state = VISIT.after(MOVES[action.kind], visit.state)
    count_time(action.kind, visit, row.happened_at)
    reason = action.reason or action.pause
    work.note(
        f"visit.{action.kind.value}",
        visit,
        why=action.note or (reason.value if reason else None),
        happened_at=row.happened_at,
        position=action.position,
    )
    if action.kind is ActionKind.COMPLETE:
        write_completion(work, action, row, visit)
    if visit.state in ENDED:
        write_parts(work, action, row, visit)
    job = work.get(JobRow, visit.job_id, lock=True)
    if action.kind is ActionKind.NOT_DONE:
        leave_rest(work, job, visit, action.reason)
    elif action.kind is ActionKind.SUSPEND:
        leave_rest(work, job, visit)
    else:
        follow_visits(work, [job])
    touch_days(work.session, [day_of(work.session, visit)])

"""Pushes follow their visits."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from dispatch.domain.states.offer import NOT_TAKEN, PUSH, PushAction, PushState
from dispatch.store.rows.pushes import PushRow
from dispatch.store.work import Work


def is_to_follow() -> ColumnElement[bool]:
    """That nobody took a push, and the next one is yet to be asked after it."""
    return and_(PushRow.state.in_(NOT_TAKEN), PushRow.followed.is_(False))


def goes_round() -> ColumnElement[bool]:
    """That a push may still be answered, or that the next one is yet to be asked after it."""
    return or_(PushRow.state == PushState.SENT, is_to_follow())


def standing_push(work: Work, visit: UUID) -> PushRow | None:
    """The push of a visit that waits for an answer."""
    query = select(PushRow).where(PushRow.visit_id == visit, PushRow.state == PushState.SENT)
    return work.session.scalars(query.with_for_update(of=PushRow)).one_or_none()


def close_push(work: Work, visit: UUID, why: str) -> None:
    """Ask nobody to take a visit any more: somebody has it, or it is not to be done."""
    push = standing_push(work, visit)
    if push is not None:
        push.state = PUSH.after(PushAction.WITHDRAW, push.state)
        push.answered_at = work.now
        work.note("push.withdrawn", push, why=why)

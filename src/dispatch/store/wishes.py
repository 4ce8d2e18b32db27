"""Wishes follow their job."""

from __future__ import annotations

from sqlalchemy import select

from dispatch.domain.states.wish import WISH, WishAction, WishState
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import WishRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def close_wishes(work: Work, job: JobRow, why: str) -> None:
    """Let nobody answer any more what was wished for work that is over.

    Parameters
    ----------
    job
        Held by this work, so that nobody wishes for anything meanwhile.
    """
    query = select(WishRow).where(WishRow.job_id == job.id, WishRow.state == WishState.ASKED)
    asked = query.order_by(WishRow.id).with_for_update(of=WishRow)
    for row in work.session.scalars(asked, execution_options=UNSCOPED).all():
        row.state = WISH.after(WishAction.CLOSE, row.state)
        row.decided_at, row.decided_by = work.now, work.actor.id
        work.note("wish.closed", row, why=why)

"""Let a calendar program in no longer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.errors import Missing
from dispatch.store.database import Database
from dispatch.store.rows.accounts import CalendarFeedRow
from dispatch.store.work import Work


def revoke_feed(database: Database, actor: Actor, feed: UUID) -> None:
    """Withdraw one of one's own; raises Missing, also for somebody else's."""
    with database.work(actor) as work:
        row = work.get(CalendarFeedRow, feed, lock=True)
        if row.account_id != UUID(actor.id):
            raise Missing("store.missing", kind="calendar_feed", id=str(feed))
        row.revoked_at = row.revoked_at or work.now
        work.note("calendar_feed.revoked", row)
        work.commit()


def end_feeds(work: Work, account: UUID, why: str) -> None:
    """All of an account."""
    query = select(CalendarFeedRow).where(
        CalendarFeedRow.account_id == account, CalendarFeedRow.revoked_at.is_(None)
    )
    for row in work.session.scalars(query.order_by(CalendarFeedRow.id).with_for_update()):
        row.revoked_at = work.now
        work.note("calendar_feed.revoked", row, why=why)

"""When a key was used last, roughly: a program asks often, and each time would be a row written."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from dispatch.store.rows.accounts import CalendarFeedRow, IntegrationRow
from dispatch.store.work import Work

EVERY = timedelta(minutes=10)


def note_use(work: Work, row: CalendarFeedRow | IntegrationRow) -> bool:
    """Write it down if that was not done lately; answers whether there is something to commit.

    It is no edit: the row keeps its version, and nobody is waited for who holds it at this moment.
    """
    if row.last_used_at is not None and row.last_used_at > work.now - EVERY:
        return False
    table = type(row).__table__
    free = select(table.c.id).where(table.c.id == row.id).with_for_update(skip_locked=True)
    work.session.connection().execute(
        update(type(row)).where(table.c.id.in_(free)).values(last_used_at=work.now)
    )
    return True

"""See whose calendar a name and a secret open."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.customer_link import wait_after
from dispatch.domain.role import Role
from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import token_hash
from dispatch.operations.accounts.sign_in import STRANGER
from dispatch.operations.accounts.used import note_use
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow, CalendarFeedRow
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads, in whose name, and whose calendar it is."""

    actor: Actor
    technician: UUID


def open_feed(database: Database, login: str, secret: str) -> Reader:
    """Who may read what by this name and secret.

    Raises
    ------
    Unauthenticated
        ``feed.wrong``: there is none, it was withdrawn, or the secret is another's, which of these
        is not said; ``feed.wait``: too many wrong secrets in a row.
    """
    with database.work(STRANGER) as work:
        row = _good(work, login)
        if row is None or row.account.technician_id is None:
            raise Unauthenticated("feed.wrong")
        if row.locked_until is not None and row.locked_until > work.now:
            raise Unauthenticated("feed.wait", until=row.locked_until.isoformat())
        if not hmac.compare_digest(row.secret, token_hash(secret)):
            _count_failure(work, row.id)
            raise Unauthenticated("feed.wrong")
        account, technician = row.account_id, row.account.technician_id
        _let_in(work, row)
    actor = Actor(kind=ActorKind.ACCOUNT, id=str(account), source=Source.API)
    return Reader(actor, technician)


def _good(work: Work, login: str) -> CalendarFeedRow | None:
    query = (
        select(CalendarFeedRow)
        .join(CalendarFeedRow.account)
        .where(
            CalendarFeedRow.login == login,
            CalendarFeedRow.revoked_at.is_(None),
            AccountRow.active,
            AccountRow.role == Role.TECHNICIAN,
        )
        .options(joinedload(CalendarFeedRow.account))
    )
    return work.session.scalars(query).one_or_none()


def _count_failure(work: Work, feed: UUID) -> None:
    row = work.get(CalendarFeedRow, feed, lock=True)
    row.failures += 1
    wait = wait_after(row.failures)
    if wait is not None:
        row.locked_until = work.now + wait
        work.note("calendar_feed.locked", row)
    work.commit()


def _let_in(work: Work, row: CalendarFeedRow) -> None:
    """Programs ask every few minutes: written down is only what has changed."""
    if row.failures:
        row.failures, row.locked_until = 0, None
    note_use(work, row)
    work.commit()

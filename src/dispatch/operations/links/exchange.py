"""Get a token for a link."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.customer_link import MOST_OPEN, OPEN_FOR, link_parts, wait_after
from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.rows.links import LinkRow, LinkTokenRow
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class LinkToken:
    """It opens one job, for a short while."""

    token: str
    until: datetime


def exchange_link(database: Database, text: str) -> LinkToken:
    """A token for what stands behind the ``#`` of a link.

    Raises
    ------
    Unauthenticated
        ``link.wrong``: it is none of ours, too old, or was taken back, which of these is not said;
        ``link.wait``: too many wrong secrets in a row.
    """
    id_, secret = link_parts(text)
    actor = Actor(kind=ActorKind.CUSTOMER, id=str(id_), source=Source.API)
    with database.work(actor) as work:
        row = _good(work, id_)
        if row is None:
            raise Unauthenticated("link.wrong")
        if row.locked_until is not None and row.locked_until > work.now:
            raise Unauthenticated("link.wait", until=row.locked_until.isoformat())
        if not hmac.compare_digest(row.secret, token_hash(secret)):
            _count_failure(work, row)
            work.commit()
            raise Unauthenticated("link.wrong")
        row.failures, row.locked_until = 0, None
        return work.commit(_give(work, row))


def _good(work: Work, link_id: UUID) -> LinkRow | None:
    query = select(LinkRow).where(
        LinkRow.id == link_id, LinkRow.revoked_at.is_(None), LinkRow.expires_at > work.now
    )
    return work.session.scalars(query.with_for_update(of=LinkRow)).one_or_none()


def _give(work: Work, row: LinkRow) -> LinkToken:
    _make_room(work, row)
    given = LinkToken(new_token(), min(work.now + OPEN_FOR, row.expires_at))
    work.session.add(
        LinkTokenRow(id=new_id(), link_id=row.id, token=token_hash(given.token), until=given.until)
    )
    work.record(Event(kind="customer_link.opened", subject=row.id, outlet=row.outlet_id))
    return given


def _make_room(work: Work, row: LinkRow) -> None:
    """Drop tokens that are over, and the oldest if there are many."""
    newest = (
        select(LinkTokenRow.id)
        .where(LinkTokenRow.link_id == row.id, LinkTokenRow.until > work.now)
        .order_by(LinkTokenRow.id.desc())
        .limit(MOST_OPEN - 1)
    )
    work.session.execute(
        delete(LinkTokenRow).where(LinkTokenRow.link_id == row.id, LinkTokenRow.id.not_in(newest)),
        execution_options={"synchronize_session": False},
    )


def _count_failure(work: Work, row: LinkRow) -> None:
    row.failures += 1
    wait = wait_after(row.failures)
    if wait is not None:
        row.locked_until = work.now + wait
        work.note("customer_link.locked", row)

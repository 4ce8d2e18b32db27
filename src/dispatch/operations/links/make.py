"""Make a link for a job, and take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.customer_link import MOST_DAYS, MOST_LINKS, link_text
from dispatch.errors import Refused
from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import LinkRow, LinkTokenRow
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link, told this once."""

    id: UUID
    text: str
    """Of its fragment."""
    expires_at: datetime


def make_link(database: Database, actor: Actor, job_id: UUID, *, days: int) -> MadeLink:
    """Let whoever has the link see a job and say something to it.

    Parameters
    ----------
    days
        How long it is good for.

    Raises
    ------
    InvalidValue
        Too many days, or none.
    Missing
        There is no such job.
    Refused
        ``link.too-many``: so many of the job are good still.
    """
    checks.within("link.days", days, 1, MOST_DAYS)
    secret = new_token()
    with database.work(actor) as work:
        job = work.get(JobRow, job_id, lock=True)
        if _good(work, job_id) >= MOST_LINKS:
            raise Refused("link.too-many", job=job.key, most=MOST_LINKS)
        row = LinkRow(
            id=new_id(),
            outlet_id=job.outlet_id,
            job_id=job.id,
            secret=token_hash(secret),
            made_at=work.now,
            made_by=actor.id,
            expires_at=work.now + timedelta(days=days),
        )
        work.session.add(row)
        work.note("customer_link.made", row)
        work.commit()
        return MadeLink(row.id, link_text(row.id, secret), row.expires_at)


def revoke_link(database: Database, actor: Actor, link_id: UUID) -> None:
    """Let nobody in by a link any more, nor go on who came in by it; raises Missing."""
    with database.work(actor) as work:
        row = work.get(LinkRow, link_id, lock=True)
        row.revoked_at = row.revoked_at or work.now
        work.note("customer_link.revoked", row)
        work.session.execute(delete(LinkTokenRow).where(LinkTokenRow.link_id == row.id))
        work.commit()


def _good(work: Work, job_id: UUID) -> int:
    query = select(func.count()).select_from(LinkRow)
    good = query.where(
        LinkRow.job_id == job_id, LinkRow.revoked_at.is_(None), LinkRow.expires_at > work.now
    )
    return work.session.execute(good).scalar_one()

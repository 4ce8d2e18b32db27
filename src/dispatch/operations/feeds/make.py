"""Give a technician a name and a secret for a calendar program."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.errors import Refused
from dispatch.operations.accounts.secrets import new_token, token_hash
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.accounts import AccountRow, CalendarFeedRow
from dispatch.store.work import Work

MOST_FEEDS = 5
"""Of an account: a phone, a tablet, a watch, and some to spare."""
MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """What a calendar program is told, this once."""

    id: UUID
    login: str
    secret: str


def make_feed(database: Database, actor: Actor, *, name: str = "") -> MadeFeed:
    """Let a program read one's own calendar, and nothing else.

    Parameters
    ----------
    name
        What it is for, so that its owner knows it again.

    Raises
    ------
    InvalidValue
        The name is too long.
    Refused
        ``feed.too-many``: so many are good still.
    """
    checks.within("feed.name", len(name), 0, MOST_NAME)
    login, secret = f"calendar-{secrets.token_hex(6)}", new_token()
    with database.work(actor) as work:
        account = work.get(AccountRow, UUID(actor.id), lock=True)
        if _good(work, account.id) >= MOST_FEEDS:
            raise Refused("feed.too-many", most=MOST_FEEDS)
        row = CalendarFeedRow(
            id=new_id(),
            account_id=account.id,
            login=login,
            secret=token_hash(secret),
            name=name,
            made_at=work.now,
        )
        work.session.add(row)
        work.note("calendar_feed.made", row)
        work.commit()
        return MadeFeed(row.id, login, secret)


def _good(work: Work, account: UUID) -> int:
    query = select(func.count()).select_from(CalendarFeedRow)
    good = query.where(CalendarFeedRow.account_id == account, CalendarFeedRow.revoked_at.is_(None))
    return work.session.execute(good).scalar_one()

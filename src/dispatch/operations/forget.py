"""Forget what has been over for long and is good for nothing: tokens, and answers to requests.

None of these tables is in the event log (:data:`dispatch.store.told.UNLOGGED`): what was done, and
who signed in and out, it goes on telling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.domain.actor import Actor
from dispatch.store.database import Database
from dispatch.store.receipts import KEPT as ANSWERS_KEPT
from dispatch.store.rows.accounts import PendingSignInRow, SignInRow, UnknownLoginRow
from dispatch.store.rows.base import Row
from dispatch.store.rows.links import LinkTokenRow
from dispatch.store.rows.receipts import ReceiptRow
from dispatch.store.work import Work

AT_ONCE = 500
"""Rows of a table in one round, so that nobody waits for it; the next round has the next."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long rows of a table are kept after a moment in them."""

    since: InstrumentedAttribute[object]
    kept: timedelta
    only: ColumnElement[bool] = field(default_factory=true)
    """Which rows are ever forgotten."""


RULES: Mapping[type[Row], Rule] = {
    # Nobody gets in by it since its last refresh token was over; for a month one can still see on
    # which devices an account was, and why each sign-in ended.
    SignInRow: Rule(SignInRow.refresh_until, timedelta(days=30)),
    # Somebody went to the identity provider and never came back: it opens nothing, and says nothing
    # of anybody. A day is more than clocks of several servers are apart.
    PendingSignInRow: Rule(PendingSignInRow.until, timedelta(days=1)),
    # The same holds for who has opened a customer's link; the log has that they did.
    LinkTokenRow: Rule(LinkTokenRow.until, timedelta(days=1)),
    # A name that nobody has waits a quarter of an hour at most; after a day it starts anew.
    UnknownLoginRow: Rule(UnknownLoginRow.tried_at, timedelta(days=1)),
    # So long somebody may take to ask again; for what is about money, for ever.
    ReceiptRow: Rule(ReceiptRow.at, ANSWERS_KEPT, ~ReceiptRow.lasting),
}
"""What is forgotten, and when."""


def forget(database: Database, actor: Actor) -> int:
    """Delete some of it, what is over for longest first; answers how many rows."""
    with database.work(actor) as work:
        return work.commit(sum(_forget(work, table, rule) for table, rule in RULES.items()))


def _forget(work: Work, table: type[Row], rule: Rule) -> int:
    key = tuple_(*table.__table__.primary_key)
    over = (
        select(*table.__table__.primary_key)
        .where(rule.since < work.now - rule.kept, rule.only)
        .order_by(rule.since)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    gone = work.session.connection().execute(delete(table).where(key.in_(over)))
    return gone.rowcount

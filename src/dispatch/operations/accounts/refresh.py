"""Get new tokens for the old ones, and sign out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from dispatch.domain.actor import Actor
from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import token_hash
from dispatch.operations.accounts.sign_in import STRANGER
from dispatch.operations.accounts.tokens import Tokens, family_of, give_tokens
from dispatch.operations.feeds.revoke import end_feeds
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.rows.accounts import SignInRow
from dispatch.store.work import Work

GRACE = timedelta(seconds=60)
"""A phone that lost its signal before the answer came asks once more with the token it has."""


def refresh(database: Database, token: str) -> Tokens:
    """New tokens; the ones before are good for nothing any more.

    Raises
    ------
    Unauthenticated
        ``sign-in.over``: it is unknown, too old, or its sign-in has ended; ``sign-in.reused``: it
        was used before, so somebody else may have it, and the sign-in has ended (RFC 9700, 4.14.2).
    """
    hashed = token_hash(token)
    with database.work(STRANGER) as work:
        row = work.session.scalars(
            select(SignInRow)
            .where(_is_of(token))
            .with_for_update(of=SignInRow)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None or row.ended_at is not None or row.refresh_until <= work.now:
            raise Unauthenticated("sign-in.over")
        if not row.account.active:
            raise Unauthenticated("sign-in.over")
        if row.refresh == hashed:
            row.previous, row.turned_at = hashed, work.now
        elif row.previous == hashed and work.now <= row.turned_at + GRACE:
            row.previous = None  # if both have come by it, the next of them ends it
        else:
            _end(work, row, "reused")
            work.commit()
            raise Unauthenticated("sign-in.reused")
        return work.commit(give_tokens(row, work.now, token))


def _is_of(token: str) -> ColumnElement[bool]:
    """Whether a sign-in has this token, or had it."""
    hashed = token_hash(token)
    known = or_(SignInRow.refresh == hashed, SignInRow.previous == hashed)
    family = family_of(token)
    return or_(known, SignInRow.family == token_hash(family)) if family else known


def sign_out(database: Database, actor: Actor, sign_in: UUID) -> None:
    """End a sign-in: its tokens are good for nothing any more."""
    with database.work(actor) as work:
        row = work.session.get(SignInRow, sign_in)
        if row is not None and row.ended_at is None:
            _end(work, row, "signed_out")
        work.commit()


def end_sign_ins(work: Work, account: UUID, why: str) -> None:
    """All of an account, on every device, and in every calendar program."""
    end_feeds(work, account, why)
    work.session.execute(
        update(SignInRow)
        .where(SignInRow.account_id == account, SignInRow.ended_at.is_(None))
        .values(ended_at=work.now, ended_why=why)
    )


def _end(work: Work, row: SignInRow, why: str) -> None:
    row.ended_at, row.ended_why = work.now, why
    work.record(
        Event(kind="account.signed_out", subject=row.account_id, after={"sign_in": str(row.id)})
    )

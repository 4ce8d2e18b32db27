"""Who stands behind a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.role import Role
from dispatch.errors import Unauthenticated
from dispatch.operations.accounts.secrets import token_hash
from dispatch.operations.accounts.sign_in import STRANGER
from dispatch.operations.accounts.used import note_use
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountOutlet, AccountRow, IntegrationRow, SignInRow
from dispatch.store.rows.links import LinkRow, LinkTokenRow
from dispatch.store.work import Work

_SIGNED_IN = (
    select(
        SignInRow.id.label("sign_in"),
        SignInRow.access_until,
        AccountRow.id,
        AccountRow.role,
        AccountRow.technician_id,
        AccountRow.name,
        AccountRow.language,
    )
    .join(SignInRow.account)
    .where(
        SignInRow.access == bindparam("token"),
        SignInRow.access_until > bindparam("now"),
        SignInRow.ended_at.is_(None),
        AccountRow.active,
    )
)
"""Asked with every request, so only for what is needed."""
_OUTLETS = select(AccountOutlet.outlet_id).where(AccountOutlet.account_id == bindparam("account"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody, or a program, that has shown who it is."""

    actor: Actor
    role: Role | None
    """None for a program, and for who came by a customer link."""
    scopes: frozenset[str] = frozenset()
    """What a program may do."""
    technician: UUID | None = None
    sign_in: UUID | None = None
    link: UUID | None = None
    """By which customer link somebody came; then neither role nor scopes."""
    job: UUID | None = None
    """The one that the link is for."""
    name: str = ""
    language: str = "en"
    until: datetime | None = None
    """When its token is over; None: when it is taken away."""


def identify(database: Database, token: str) -> Identity:
    """Who has this token.

    Raises
    ------
    Unauthenticated
        ``access.token``: nobody, or not any more.
    """
    with database.work(STRANGER) as work:
        found = _account(work, token) or _program(work, token) or _customer(work, token)
    if found is None:
        raise Unauthenticated("access.token")
    return found


def _account(work: Work, token: str) -> Identity | None:
    given = {"token": token_hash(token), "now": work.now}
    row = work.session.execute(_SIGNED_IN, given).one_or_none()
    if row is None:
        return None
    # Technicians do visits of many outlets; they are let in only where it is about their own.
    phone = row.role is Role.TECHNICIAN
    outlets = None if phone else frozenset(work.session.scalars(_OUTLETS, {"account": row.id}))
    actor = Actor(
        kind=ActorKind.ACCOUNT,
        id=str(row.id),
        source=Source.PHONE if phone else Source.API,
        outlets=outlets or None,
    )
    return Identity(
        actor=actor,
        role=row.role,
        technician=row.technician_id,
        sign_in=row.sign_in,
        name=row.name,
        language=row.language,
        until=row.access_until,
    )


def _program(work: Work, token: str) -> Identity | None:
    row = work.session.scalars(
        select(IntegrationRow).where(
            IntegrationRow.token == token_hash(token), IntegrationRow.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= work.now):
        return None
    if note_use(work, row):
        work.commit()
    outlets = None if row.outlet_id is None else frozenset((row.outlet_id,))
    actor = Actor(kind=ActorKind.INTEGRATION, id=str(row.id), source=Source.API, outlets=outlets)
    return Identity(
        actor=actor,
        role=None,
        scopes=frozenset(row.scopes),
        name=row.name,
        until=row.expires_at,
    )


def _customer(work: Work, token: str) -> Identity | None:
    row = work.session.scalars(
        select(LinkTokenRow)
        .join(LinkTokenRow.link)
        .where(
            LinkTokenRow.token == token_hash(token),
            LinkTokenRow.until > work.now,
            LinkRow.expires_at > work.now,
            LinkRow.revoked_at.is_(None),
        )
        .options(contains_eager(LinkTokenRow.link).joinedload(LinkRow.job))
    ).one_or_none()
    if row is None:
        return None
    job = row.link.job
    outlets = frozenset((job.outlet_id,))
    actor = Actor(kind=ActorKind.CUSTOMER, id=str(row.link_id), source=Source.API, outlets=outlets)
    return Identity(actor=actor, role=None, link=row.link_id, job=job.id, until=row.until)

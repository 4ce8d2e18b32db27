"""Who signs in, and the keys of programs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.role import Role
from dispatch.store.rows.base import PASSING, UNTOLD, Edited, Identified, Row, one_of
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

HIDDEN = {UNTOLD: True}


class AccountRow(Edited, Identified):
    """Somebody who signs in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("login = lower(login)", name="login"),
        CheckConstraint("(role = 'technician') = (technician_id IS NOT NULL)", name="technician"),
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="bound"),
        UniqueConstraint("issuer", "subject"),
    )

    login: Mapped[str] = mapped_column(unique=True)
    """In small letters."""
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(one_of("role", Role))
    language: Mapped[str] = mapped_column(default="en")
    active: Mapped[bool] = mapped_column(default=True)
    """Whether they may sign in."""
    password: Mapped[str | None] = mapped_column(info=HIDDEN)
    """Its Argon2id hash, with parameters and salt; none for who cannot sign in with one."""
    email: Mapped[str | None] = mapped_column(unique=True)
    """In small letters; by it an identity provider's word is matched the first time."""
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    """Who they are there, from then on."""
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"), unique=True)
    """Who they are on the road."""
    failures: Mapped[int] = mapped_column(default=0, info={PASSING: True})
    """Wrong passwords in a row."""
    locked_until: Mapped[datetime | None]

    technician: Mapped[TechnicianRow | None] = relationship()
    outlets: Mapped[list[OutletRow]] = relationship(
        secondary="account_outlet", order_by=OutletRow.id
    )
    """Whose things they see, with all below; none: everything."""


class AccountOutlet(Row):
    """Which outlets an account sees."""

    __tablename__ = "account_outlet"
    ABOUT = "account_id"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    outlet_id: Mapped[UUID] = mapped_column(ForeignKey("outlet.id"), primary_key=True, index=True)


class SignInRow(Identified):
    """An account on a device, from signing in to signing out.

    Of tokens only hashes are kept. Each refresh token is good for one use: whoever brings an older
    one has stolen it, or was stolen from, and the sign-in ends.
    """

    __tablename__ = "sign_in"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime]
    access: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    access_until: Mapped[datetime]
    refresh: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    refresh_until: Mapped[datetime] = mapped_column(index=True)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary, info=HIDDEN)
    """The refresh token before this one, while it may come once more."""
    turned_at: Mapped[datetime]
    """When it was used first, and replaced."""
    family: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    """What all refresh tokens of this sign-in begin with; none for one from before there was it."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(default="")

    account: Mapped[AccountRow] = relationship()


class UnknownLoginRow(Row):
    """A name under which somebody tried to sign in and which nobody has: it waits as others do.

    Else whoever is never told to wait would have learnt that there is no such account.
    """

    __tablename__ = "unknown_login"

    login: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=HIDDEN)
    """Its SHA-256: some people type a password there."""
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    tried_at: Mapped[datetime] = mapped_column(index=True)


class PendingSignInRow(Identified):
    """Somebody who was sent to the identity provider and has not come back; good for one use."""

    __tablename__ = "pending_sign_in"

    state: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    """The hash of what comes back by way of the provider."""
    kept: Mapped[bytes] = mapped_column(LargeBinary, info=HIDDEN)
    """The hash of what the browser keeps to itself."""
    nonce: Mapped[bytes] = mapped_column(LargeBinary, info=HIDDEN)
    """The hash of what the id token has to repeat."""
    verifier: Mapped[str] = mapped_column(info=HIDDEN)
    """Of PKCE (RFC 7636)."""
    until: Mapped[datetime] = mapped_column(index=True)


class IntegrationRow(Edited, Identified):
    """A program with a key of its own."""

    __tablename__ = "integration"

    name: Mapped[str] = mapped_column(unique=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    """Its SHA-256."""
    scopes: Mapped[list[str]]
    outlet_id: Mapped[UUID | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    """Whose things it sees, with all below; none: everything."""
    made_by: Mapped[str | None]
    """The actor's id; none of one from before this was kept."""
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None] = mapped_column(info={PASSING: True})
    """To some ten minutes."""


class CalendarFeedRow(Identified):
    """A name and a secret by which a program reads one technician's calendar, and nothing else."""

    __tablename__ = "calendar_feed"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    login: Mapped[str] = mapped_column(unique=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary, info=HIDDEN)
    """Its SHA-256."""
    name: Mapped[str] = mapped_column(default="")
    """What it is for, in its owner's words."""
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info={PASSING: True})
    """To some ten minutes."""
    revoked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, info={PASSING: True})
    """Wrong secrets in a row."""
    locked_until: Mapped[datetime | None]

    account: Mapped[AccountRow] = relationship()

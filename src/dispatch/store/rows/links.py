"""Links by which customers look after their job, and what they say there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.customer_link import WishKind
from dispatch.domain.states.wish import WishState
from dispatch.store.rows.accounts import HIDDEN
from dispatch.store.rows.base import Edited, Identified, Scoped, one_of, states
from dispatch.store.rows.jobs import JobRow


class LinkRow(Edited, Scoped, Identified):
    """A link that is good for one job."""

    __tablename__ = "customer_link"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary, info=HIDDEN)
    """Its SHA-256."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    """The actor's id."""
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong secrets in a row."""
    locked_until: Mapped[datetime | None]

    job: Mapped[JobRow] = relationship()


class LinkTokenRow(Identified):
    """What a browser was given for a link, for a short while; only a hash of it is kept."""

    __tablename__ = "link_token"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("customer_link.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=HIDDEN)
    until: Mapped[datetime] = mapped_column(index=True)

    link: Mapped[LinkRow] = relationship()


class WishRow(Edited, Scoped, Identified):
    """What a customer wishes to be otherwise; a dispatcher decides."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint("(kind = 'window') = (window_from IS NOT NULL)", name="window"),
        CheckConstraint("(window_from IS NULL) = (window_to IS NULL)", name="whole"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decision"),
        Index(
            "uq_wish_asked", "job_id", "kind", unique=True, postgresql_where=text("state = 'asked'")
        ),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("customer_link.id"), index=True)
    kind: Mapped[WishKind] = mapped_column(one_of("kind", WishKind))
    state: Mapped[WishState] = mapped_column(states(WishState))
    window_from: Mapped[datetime | None]
    window_to: Mapped[datetime | None]
    """In which the visit is to start."""
    words: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    """To the customer."""

    job: Mapped[JobRow] = relationship()


class RatingRow(Scoped, Identified):
    """What a customer thinks of the work, once for a job."""

    __tablename__ = "rating"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), unique=True)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("customer_link.id"), index=True)
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

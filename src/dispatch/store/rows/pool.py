"""The pool: its rules, offers, and who wanted which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState
from dispatch.store.rows.base import Document, Edited, Identified, Row, Scoped, one_of, states
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow


class PoolRulesRow(Edited, Row):
    """The one row of the rules that the whole service network gives itself."""

    __tablename__ = "pool_rules"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[Document]
    """What is not as usual."""


class OfferRow(Edited, Scoped, Identified):
    """A visit that is open to every eligible technician."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("fee_minor >= 0", name="fee"),
        CheckConstraint("(technician_id IS NULL) = (claimed_at IS NULL)", name="claim"),
        CheckConstraint("(state = 'claimed') = (technician_id IS NOT NULL)", name="owner"),
        Index(
            "uq_offer_visit",
            "visit_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'claimed')"),
        ),
        Index("ix_offer_open", "expires_at", postgresql_where=text("state = 'open'")),
        CheckConstraint("closes_at IS NULL OR mode = 'batched'", name="bids"),
        CheckConstraint("min_score BETWEEN 0 AND 100", name="score"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    mode: Mapped[OfferMode] = mapped_column(one_of("mode", OfferMode))
    state: Mapped[OfferState] = mapped_column(states(OfferState))
    fee_minor: Mapped[int]
    """What whoever claims it earns."""
    currency: Mapped[str]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    """Of a batched one for which somebody has bid: until when others may."""
    push_at: Mapped[datetime | None]
    """When somebody is asked instead, if nobody has claimed it; None: it just expires."""
    min_score: Mapped[int | None]
    """The credit score that whoever claims it needs."""
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"), index=True)
    claimed_at: Mapped[datetime | None]

    visit: Mapped[VisitRow] = relationship()
    technician: Mapped[TechnicianRow | None] = relationship()


class ClaimRow(Edited, Scoped, Identified):
    """Somebody wanted an offer, and what came of it; of each offer at most one is won."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decision"),
        Index("uq_claim_won", "offer_id", unique=True, postgresql_where=text("state = 'won'")),
        Index(
            "uq_claim_open",
            "offer_id",
            "technician_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_claim_decided", "technician_id", "decided_at"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    state: Mapped[ClaimState] = mapped_column(states(ClaimState))
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    """Why it was lost, as a code."""
    cost_minor: Mapped[int | None]
    """Of a bid: what the visit would have added to their route."""
    debt_minor: Mapped[int | None]
    """Of a bid: how much less than the others they had got from the pool; below zero: more."""

    offer: Mapped[OfferRow] = relationship()
    technician: Mapped[TechnicianRow] = relationship()

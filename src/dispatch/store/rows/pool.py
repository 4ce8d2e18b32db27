"""The pool: offers that every eligible technician may claim."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.states.offer import OfferState
from dispatch.store.rows.base import Edited, Identified, Scoped, states
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow


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
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    state: Mapped[OfferState] = mapped_column(states(OfferState))
    fee_minor: Mapped[int]
    """What whoever claims it earns."""
    currency: Mapped[str]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"), index=True)
    claimed_at: Mapped[datetime | None]

    visit: Mapped[VisitRow] = relationship()
    technician: Mapped[TechnicianRow | None] = relationship()

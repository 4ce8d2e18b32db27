"""How reliable technicians have been: a score for each, with all that has moved it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.domain.credit import CreditKind
from dispatch.store.rows.base import Identified, Scoped, one_of


class CreditRow(Scoped, Identified):
    """Something that has moved a score: never changed, the newest of a technician holds."""

    __tablename__ = "credit"
    __table_args__ = (
        UniqueConstraint("technician_id", "number"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index(
            "uq_credit_once",
            "visit_id",
            "technician_id",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('on_time', 'came_late', 'no_show', 'showed')"),
        ),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    number: Mapped[int]
    """1, 2, 3 of the technician."""
    kind: Mapped[CreditKind] = mapped_column(one_of("kind", CreditKind))
    points: Mapped[int]
    """By how much it has moved the score, within the score's bounds."""
    score: Mapped[int]
    """After it."""
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    """Of a correction; else empty."""

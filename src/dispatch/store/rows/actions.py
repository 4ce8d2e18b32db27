"""What technicians have said, and what became of it; nothing of it is thrown away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.domain.action import ActionKind, Outcome
from dispatch.store.rows.base import Document, Edited, Identified, Scoped, one_of


class ActionRow(Edited, Scoped, Identified):
    """One action of one device of one technician."""

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("technician_id", "device", "sequence"),
        Index(
            "ix_action_inbox",
            "outlet_id",
            postgresql_where=text("outcome = 'conflict' AND settled_at IS NULL"),
        ),
        Index("ix_action_flagged", "happened_at", postgresql_where=text("flags <> '[]'::jsonb")),
        Index("ix_action_latest", "technician_id", "happened_at", "sequence"),
    )

    device: Mapped[str]
    sequence: Mapped[int]
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    """None if there is no such visit."""
    kind: Mapped[ActionKind | None] = mapped_column(one_of("kind", ActionKind))
    """None: it could not be read."""
    said: Mapped[Document]
    """All that the device said; of what could not be read the beginning, and what was wrong."""
    happened_at: Mapped[datetime]
    """By our clock, as far as it can be told."""
    received_at: Mapped[datetime]
    skew_s: Mapped[int]
    """How far the device's clock was behind ours when it sent this."""
    outcome: Mapped[Outcome] = mapped_column(one_of("outcome", Outcome))
    reason: Mapped[str]
    """Of what was not applied, as a code; else empty."""
    flags: Mapped[list[str]]
    """What looks odd: ``clock``, ``far``, ``inaccurate``, ``no-position``, ``fast``, ``time``,
    ``dead-trip``, ``serial``, ``text``, ``elsewhere``."""
    settled_at: Mapped[datetime | None]
    """When a dispatcher has dealt with a conflict."""
    settled_by: Mapped[str | None]

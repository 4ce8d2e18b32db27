"""The event log: what happened, when, by whom, and nothing of it ever changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import Document, Row


class EventRow(Row):
    """One thing that happened, written in the same transaction as its effect.

    Rows are only added: a trigger refuses the rest. ``hash`` covers the row and ``previous``, the
    hash of the row before it, so that whoever changes or removes one has to forge all that follow.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject_kind", "subject_id", "number"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """1, 2, 3 without a gap, in the order in which transactions were committed."""
    at: Mapped[datetime]
    """When it was recorded, by the server's clock."""
    kind: Mapped[str]
    """Such as ``job.held``."""
    subject_kind: Mapped[str]
    """What it happened to: ``job``."""
    subject_id: Mapped[UUID]
    actor_kind: Mapped[str]
    """``account``, ``worker``, ``customer``, ``integration``."""
    actor: Mapped[str]
    """Its id."""
    source: Mapped[str]
    """By which way it came: ``api``, ``cli``, ``worker``, ``phone``."""
    request: Mapped[str | None]
    """The id of the request, to find it in the server's own log."""
    happened_at: Mapped[datetime | None]
    """When it happened, by the clock of whoever saw it; none if that is ``at``."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    """Where, if it is known."""
    outlet_id: Mapped[UUID | None] = mapped_column(index=True)
    """Who may read it; none if only headquarters may."""
    before: Mapped[Document | None]
    """The fields that changed, as they were."""
    after: Mapped[Document | None]
    """The same, as they are now."""
    note: Mapped[str | None]
    """Why, in the words of whoever did it."""
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class EventHeadRow(Row):
    """The one row that says where the log ends; whoever adds to the log holds it."""

    __tablename__ = "event_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)

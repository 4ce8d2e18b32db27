"""What shows that a visit was done: files, completions, parts used, codes of customers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from dispatch.domain.completion import EvidenceKind
from dispatch.store.rows.base import UNTOLD, Edited, Identified, Scoped, one_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow


class EvidenceRow(Edited, Scoped, Identified):
    """A photo or a signature that a technician has sent; the files lie under their hashes."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("technician_id", "sha256"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("served_sha256 ~ '^[0-9a-f]{64}$'", name="served_sha256"),
        CheckConstraint("(device IS NULL) = (sequence IS NULL)", name="action"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position"),
        Index(
            "ix_evidence_action",
            "technician_id",
            "device",
            "sequence",
            postgresql_where=text("device IS NOT NULL"),
        ),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    """None if there is no such visit."""
    device: Mapped[str | None]
    sequence: Mapped[int | None]
    """Of the action that it belongs to, which may come later."""
    kind: Mapped[EvidenceKind] = mapped_column(one_of("kind", EvidenceKind))
    sha256: Mapped[str]
    """Of the bytes as they came."""
    media: Mapped[str]
    """What they are, by what stands in them."""
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    """Of the picture as it came, in pixels."""
    served_sha256: Mapped[str]
    """Of the copy that people see: drawn anew, with nothing in it but the picture."""
    served_media: Mapped[str]
    taken_at: Mapped[datetime | None]
    """By the camera's clock."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    """Where the camera says it was."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    flags: Mapped[list[str]]
    """What looks odd: ``no-visit``, ``not-yours``, ``far``, ``time``, ``elsewhere``."""

    technician: Mapped[TechnicianRow] = relationship()


class CompletionRow(Edited, Scoped, Identified):
    """That a visit was completed, and what shows it."""

    __tablename__ = "completion"
    __table_args__ = (
        UniqueConstraint("visit_id"),
        CheckConstraint("awaited >= 0", name="awaited"),
        Index("ix_completion_awaited", "id", postgresql_where=text("awaited > 0")),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"), index=True)
    """Who has said so."""
    at: Mapped[datetime]
    code_right: Mapped[bool]
    """Whether the customer's completion code was given, and was right."""
    files: Mapped[list[str]]
    """SHA-256 of all that was named."""
    awaited: Mapped[int]
    """How many of them have not arrived."""
    serial: Mapped[str]
    """As scanned; else empty."""
    serial_known: Mapped[bool | None]
    """Whether it is one of the site's; none where nothing was scanned or none is known."""
    work_s: Mapped[int | None]
    """Between start and end, without pauses; none where the start is not known."""
    paused_s: Mapped[int]

    visit: Mapped[VisitRow] = relationship()
    parts: Mapped[list[PartRow]] = relationship(
        primaryjoin=lambda: CompletionRow.action_id == foreign(PartRow.action_id),
        order_by=lambda: PartRow.id,
        viewonly=True,
    )
    sent: Mapped[list[EvidenceRow]] = relationship(
        primaryjoin=lambda: and_(
            CompletionRow.visit_id == foreign(EvidenceRow.visit_id),
            CompletionRow.technician_id == foreign(EvidenceRow.technician_id),
        ),
        viewonly=True,
    )
    """All that whoever completed it has sent for the visit."""


class PartRow(Scoped, Identified):
    """A part that was used, as it was said with the end of a visit."""

    __tablename__ = "part_used"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"), index=True)
    part: Mapped[str]
    quantity: Mapped[int]
    serial: Mapped[str]
    at: Mapped[datetime]

    visit: Mapped[VisitRow] = relationship()
    technician: Mapped[TechnicianRow] = relationship()


class CompletionCodeRow(Edited, Scoped, Identified):
    """The code that the customer of a job holds."""

    __tablename__ = "completion_code"
    __table_args__ = (UniqueConstraint("job_id"), CheckConstraint("failures >= 0", name="failures"))

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"))
    code: Mapped[str] = mapped_column(info={UNTOLD: True})
    """Its Argon2id hash."""
    given_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong codes since it was given."""

    job: Mapped[JobRow] = relationship()

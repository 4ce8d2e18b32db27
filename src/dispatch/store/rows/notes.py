"""What those who work on a job tell each other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import PRIVATE, Identified, Scoped


class NoteRow(Scoped, Identified):
    """A few words on a job: never changed, and told to no customer."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_job", "job_id", "written_at"),)

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"))
    noted: Mapped[str] = mapped_column(info={PRIVATE: True})
    """What it says."""
    author: Mapped[str] = mapped_column(info={PRIVATE: True})
    """Who wrote it, as colleagues knew them then."""
    written_at: Mapped[datetime]
    written_by: Mapped[str]
    """The id of their account."""

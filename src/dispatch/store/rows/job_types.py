"""Templates of jobs, and what is charged."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import Document, Edited, Keyed


class JobTypeRow(Edited, Keyed):
    """The template of a job."""

    __tablename__ = "job_type"

    name: Mapped[str] = mapped_column(default="")
    said: Mapped[Document]
    """Duration, needs, crew, parts and money: in the words of the day format."""
    fields: Mapped[Document | None]
    """JSON Schema (draft 2020-12) of a job's own fields; none if it has none."""
    checklist: Mapped[list[Document]] = mapped_column(default=list)
    """What a technician goes through, in order."""
    demands: Mapped[Document] = mapped_column(default=dict)
    """What has to be shown when a visit is completed: :class:`~dispatch.domain.completion.Demands`,
    without what is as usual."""


class ServiceItemRow(Edited, Keyed):
    """A priced line."""

    __tablename__ = "service_item"
    __table_args__ = (CheckConstraint("fee_minor >= 0", name="fee"),)

    name: Mapped[str]
    fee_minor: Mapped[int]
    currency: Mapped[str]

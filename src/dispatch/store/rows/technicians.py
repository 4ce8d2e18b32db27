"""Technicians, their skills, shifts and absences."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.store.rows.base import PRIVATE, Document, Edited, Identified, Keyed, Row, Scoped


class SkillRow(Edited, Keyed):
    """An entry of the skill list."""

    __tablename__ = "skill"

    name: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it can be given and asked for; who has it keeps it."""


class TechnicianRow(Edited, Scoped, Keyed):
    """The person who is routed."""

    __tablename__ = "technician"
    __table_args__ = (
        CheckConstraint("claims_a_day >= 0", name="claims_a_day"),
        CheckConstraint("claims_open >= 0", name="claims_open"),
    )

    name: Mapped[str] = mapped_column(default="")
    home_lat: Mapped[float | None] = mapped_column(info={PRIVATE: True})
    home_lon: Mapped[float | None] = mapped_column(info={PRIVATE: True})
    profile: Mapped[str] = mapped_column(default="car")
    contractor: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    """Whether they still work here; their record stays."""
    at_outlet: Mapped[bool] = mapped_column(default=True)
    """Whether the input named their outlet; else they are headquarters'."""
    leader: Mapped[bool] = mapped_column(default=False)
    """Whether they take offers for the people of their outlet and those below."""
    open_for_work: Mapped[bool] = mapped_column(default=True)
    """Whether they want work from the pool, and to be asked."""
    claims_a_day: Mapped[int | None]
    """How many offers they may win on one day; None: as the pool's rules say."""
    claims_open: Mapped[int | None]
    """How many they may have at once that are not done yet; None: as the pool's rules say."""
    said: Mapped[Document]
    """What else the day format says of a technician, in its own words."""

    skills: Mapped[list[HeldSkillRow]] = relationship(
        order_by="HeldSkillRow.place", cascade="all, delete-orphan"
    )
    shifts: Mapped[list[ShiftRow]] = relationship(
        order_by="ShiftRow.start_at", cascade="all, delete-orphan"
    )
    absences: Mapped[list[AbsenceRow]] = relationship(
        order_by="AbsenceRow.start_at", cascade="all, delete-orphan"
    )


class HeldSkillRow(Edited, Row):
    """A cell of the skill matrix. Who changed it, when and why is in the event log."""

    __tablename__ = "technician_skill"
    ABOUT = "technician_id"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", name="level"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
    level: Mapped[int]
    expires: Mapped[date | None]
    """The last day on which it is valid."""
    certificate: Mapped[Document | None]
    """What proves it: number, issuer, day of issue, and a note."""
    place: Mapped[int] = mapped_column(default=0)
    """In the technician's own list."""
    skill: Mapped[SkillRow] = relationship(lazy="joined")


class ShiftRow(Edited, Identified):
    """A stretch of a technician's working time."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("technician_id", "key", "start_at"),
        CheckConstraint("end_at > start_at", name="order"),
        Index("ix_shift_when", "start_at", "end_at"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    key: Mapped[str]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    said: Mapped[Document]
    """Breaks, overtime, where it starts and ends, limits: in the words of the day format."""
    planned_breaks: Mapped[list[Document]] = mapped_column(default=list)
    """When breaks are taken with what there is to do by now: start and end of each."""


class AbsenceRow(Edited, Identified):
    """Time a technician is away."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("end_at > start_at", name="order"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"), index=True)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")

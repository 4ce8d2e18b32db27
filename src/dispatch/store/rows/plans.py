"""Runs, the plans they make, the boards that are planned and what was published of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.states.run import PlanState, RunState
from dispatch.store.rows.base import PASSING, Document, Edited, Identified, Scoped, states

PASSES = {PASSING: True}


class BoardRow(Identified):
    """A day as it stands: one row for whoever changes anything of it to hold on to."""

    __tablename__ = "board"

    day: Mapped[date] = mapped_column(unique=True)
    """In the organisation's zone."""
    version: Mapped[int] = mapped_column(default=0)
    """Counted up with every change of a visit of this day."""


class RunRow(Edited, Scoped, Identified):
    """Background work that makes a plan for an outlet and all below it."""

    __tablename__ = "run"
    __table_args__ = (CheckConstraint("end_at > start_at", name="order"),)

    board_id: Mapped[UUID] = mapped_column(ForeignKey("board.id"), index=True)
    state: Mapped[RunState] = mapped_column(states(RunState), index=True)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    """What is planned lies between these."""
    engine: Mapped[str]
    seconds: Mapped[float]
    seed: Mapped[int]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    board_version: Mapped[int | None]
    """The board's when the day was read."""
    day: Mapped[Document | None] = mapped_column(info=PASSES)
    """What the plan is made from, in the day format."""
    taken: Mapped[Document | None] = mapped_column(info=PASSES)
    """Version and technician of each visit when the day was read, by its id."""
    worker: Mapped[str | None]
    alive_at: Mapped[datetime | None] = mapped_column(info=PASSES)
    """When the worker last said that it is at it."""
    attempts: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    progress: Mapped[list[Document]] = mapped_column(default=list, info=PASSES)
    """The improvement curve so far."""
    phase: Mapped[str] = mapped_column(default="", info=PASSES)
    message: Mapped[str] = mapped_column(default="")
    """What went wrong."""

    board: Mapped[BoardRow] = relationship()
    plan: Mapped[PlanRow | None] = relationship(viewonly=True)
    """What came of it."""


class PlanRow(Edited, Scoped, Identified):
    """A proposal."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("run_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id"))
    state: Mapped[PlanState] = mapped_column(states(PlanState))
    made_at: Mapped[datetime]
    said: Mapped[Document] = mapped_column(info=PASSES)
    """In the plan format; what of it was published is in the schedule."""

    run: Mapped[RunRow] = relationship()


class ScheduleRow(Scoped, Identified):
    """What was published: never changed, and the newest of a board is what holds."""

    __tablename__ = "schedule"
    __table_args__ = (UniqueConstraint("board_id", "number"),)

    board_id: Mapped[UUID] = mapped_column(ForeignKey("board.id"))
    number: Mapped[int]
    """1, 2, 3 of its board."""
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"), index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    routes: Mapped[list[Document]]
    """Of each technician: visits with their times, in order."""
    conflicts: Mapped[list[Document]]
    """What of the plan no longer fitted, and why."""

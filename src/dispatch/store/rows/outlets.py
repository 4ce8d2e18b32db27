"""Outlets, in a tree under headquarters, and territories."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import Document, Edited, Keyed, Row


class OutletRow(Edited, Keyed):
    """An own or contracted branch."""

    __tablename__ = "outlet"

    name: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    """None for headquarters, of which there is one."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    """None for one that no shift can start from: it is there for people to belong to."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it is open; what was done for it stays."""


class OutletReach(Row):
    """Which outlets lie under which one, itself included, so that no query has to climb a tree."""

    __tablename__ = "outlet_reach"

    above_id: Mapped[UUID] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    below_id: Mapped[UUID] = mapped_column(ForeignKey("outlet.id"), primary_key=True, index=True)


class TerritoryRow(Edited, Keyed):
    """An area that somebody is responsible for."""

    __tablename__ = "territory"

    name: Mapped[str] = mapped_column(default="")


class OrganisationRow(Edited, Row):
    """The one row of what holds for the whole service network."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    """IANA name: in which wall clocks are read and days begin."""
    policy: Mapped[Document]
    speeds: Mapped[list[Document]]
    """In the words of the day format."""

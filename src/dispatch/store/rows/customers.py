"""Customers, whom to call, where they are and what stands there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.store.rows.base import Document, Edited, Identified, Keyed, Owned
from dispatch.store.rows.outlets import TerritoryRow


class CustomerRow(Edited, Owned, Keyed):
    """Who orders and pays."""

    __tablename__ = "customer"

    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    """In which they are written to."""

    contacts: Mapped[list[ContactRow]] = relationship(order_by="ContactRow.id", viewonly=True)


class ContactRow(Edited, Identified):
    """A person at a customer."""

    __tablename__ = "contact"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")


class SiteRow(Edited, Owned, Keyed):
    """A customer's address."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="position"),
    )

    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    lat: Mapped[float]
    lon: Mapped[float]
    """WGS-84, whatever it came as."""
    zone: Mapped[str | None]
    """IANA name, where it is not the zone of the day."""
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territory.id"), index=True)
    territory: Mapped[TerritoryRow | None] = relationship(lazy="joined")
    setup_s: Mapped[int] = mapped_column(default=0)


class AssetRow(Edited, Keyed):
    """A product that stands at a site; its key is its serial number."""

    __tablename__ = "asset"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    product: Mapped[str]
    warranty_until: Mapped[date | None]
    """The last day."""
    said: Mapped[Document] = mapped_column(default=dict)
    """What a maker wants to be known besides."""

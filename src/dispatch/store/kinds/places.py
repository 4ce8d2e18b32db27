"""Outlets, territories and sites."""

from __future__ import annotations

from dispatch.domain.position import Position
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.reach import ROOT
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow


class Outlets(Kind[Outlet, OutletRow]):
    """Own or contracted branches; those that name none lie under headquarters."""

    table = OutletRow

    def read(self, row: OutletRow, frame: Frame) -> Outlet:
        """The outlet that a row holds."""
        return Outlet(
            id=row.key,
            position=Position(row.lat or 0.0, row.lon or 0.0),
            name=row.name,
            parent=(frame.key(OutletRow, row.parent_id) or None) if row.parent_id else None,
        )

    def write(self, row: OutletRow, value: Outlet, frame: Frame) -> None:
        """Let a row hold an outlet."""
        row.name = value.name
        row.lat, row.lon = value.position.lat, value.position.lon
        row.parent_id = frame.of(OutletRow, value.parent or ROOT)


class Territories(Kind[Territory, TerritoryRow]):
    """Areas that somebody is responsible for."""

    table = TerritoryRow

    def read(self, row: TerritoryRow, frame: Frame) -> Territory:
        """The territory that a row holds."""
        return Territory(id=row.key, name=row.name)

    def write(self, row: TerritoryRow, value: Territory, frame: Frame) -> None:
        """Let a row hold a territory."""
        row.name = value.name


class Sites(Kind[Site, SiteRow]):
    """Customers' addresses."""

    table = SiteRow

    def read(self, row: SiteRow, frame: Frame) -> Site:
        """The site that a row holds."""
        return Site(
            id=row.key,
            position=Position(row.lat, row.lon),
            name=row.name,
            address=row.address,
            territory=frame.key(TerritoryRow, row.territory_id) if row.territory_id else None,
            setup_s=row.setup_s,
        )

    def write(self, row: SiteRow, value: Site, frame: Frame) -> None:
        """Let a row hold a site."""
        row.name, row.address, row.setup_s = value.name, value.address, value.setup_s
        row.lat, row.lon = value.position.lat, value.position.lon
        row.territory_id = frame.of(TerritoryRow, value.territory) if value.territory else None

"""Sites, outlets, territories and skills."""

from __future__ import annotations

from typing import Any

from dispatch.domain.position import Position
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import Skill
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.parts.values import values_of
from dispatch.formats.tables.rows import Row


def read_site(row: Row, found: Findings) -> Site | None:
    """A row of the sites."""
    if row.broken:
        return None
    fields = row.given("id", "name", "address", "territory", "setup_s")
    return row.build(found, Site, {**fields, "position": position(row)}, ("id", 0))


def read_outlet(row: Row, found: Findings) -> Outlet | None:
    """A row of the outlets."""
    if row.broken:
        return None
    fields = row.given("id", "name", "parent")
    return row.build(found, Outlet, {**fields, "position": position(row)}, ("id", 0))


def read_territory(row: Row, found: Findings) -> Territory | None:
    """A row of the territories."""
    return None if row.broken else row.build(found, Territory, row.given("id", "name"), ("id", 0))


def read_skill(row: Row, found: Findings) -> Skill | None:
    """A row of the skills."""
    return None if row.broken else row.build(found, Skill, row.given("id", "name"), ("id", 0))


def site_values(site: Site) -> dict[Slot, Any]:
    """A row of the sites."""
    keys = ("id", "name", "address", "territory", "setup_s")
    return values_of(site, keys) | position_values(site.position)


def outlet_values(outlet: Outlet) -> dict[Slot, Any]:
    """A row of the outlets."""
    return values_of(outlet, ("id", "name", "parent")) | position_values(outlet.position)


def named_values(named: Territory | Skill) -> dict[Slot, Any]:
    """A row of the territories or of the skills."""
    return values_of(named, ("id", "name"))


def position(row: Row, prefix: str = "") -> Position:
    """Where the row is."""
    return Position(
        lat=float(row.get(f"{prefix}latitude")), lon=float(row.get(f"{prefix}longitude"))
    )


def position_values(position: Position, prefix: str = "") -> dict[Slot, Any]:
    """The two columns of a position."""
    return {(f"{prefix}latitude", 0): position.lat, (f"{prefix}longitude", 0): position.lon}

"""Where work is done and where it starts from."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import checks
from dispatch.domain.position import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A customer's address."""

    id: str
    position: Position
    name: str = ""
    address: str = ""
    territory: str | None = None
    setup_s: int = 0
    """Parking, gate, lift: spent once when a technician comes here from elsewhere."""

    def __post_init__(self) -> None:
        checks.identifier("site.id", self.id)
        checks.name("site.name", self.name)
        checks.within("site.address", len(self.address), 0, checks.MOST_ADDRESS)
        checks.duration("site.setup_s", self.setup_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An own or contracted branch."""

    id: str
    position: Position
    name: str = ""
    parent: str | None = None
    """The outlet above it; none for headquarters."""

    def __post_init__(self) -> None:
        checks.identifier("outlet.id", self.id)
        checks.name("outlet.name", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """An area that somebody is responsible for."""

    id: str
    name: str = ""

    def __post_init__(self) -> None:
        checks.identifier("territory.id", self.id)
        checks.name("territory.name", self.name)

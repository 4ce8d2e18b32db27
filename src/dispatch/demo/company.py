"""What does not change from one sample day to the next: outlets, territories, prices."""

from __future__ import annotations

import math
from collections.abc import Mapping

from dispatch.demo.trades import KRONA
from dispatch.domain.policy import Policy
from dispatch.domain.position import Position
from dispatch.domain.site import Outlet, Territory

CENTRE = Position(57.7010, 11.9720)

TERRITORIES = (
    Territory(id="north", name="Norr"),
    Territory(id="east", name="Öster"),
    Territory(id="south", name="Söder"),
    Territory(id="west", name="Väster"),
)

HEADQUARTERS = Outlet(id="centrum", name="Centrum", position=Position(57.7065, 11.9640))
BRANCH = Outlet(
    id="hisingen", name="Hisingen", position=Position(57.7195, 11.9370), parent="centrum"
)
PARTNER = Outlet(
    id="partner", name="Partnerservice", position=Position(57.6890, 11.9950), parent="centrum"
)
OUTLETS = (HEADQUARTERS, BRANCH, PARTNER)


def territory_of(position: Position) -> str:
    """The quarter of the compass in which a position lies, as seen from the centre."""
    northing = position.lat - CENTRE.lat
    easting = (position.lon - CENTRE.lon) * math.cos(math.radians(CENTRE.lat))
    if abs(northing) > abs(easting):
        return "north" if northing > 0 else "south"
    return "east" if easting > 0 else "west"


def _kronor(*by_priority: int) -> Mapping[int, int]:
    return {priority: kronor * KRONA for priority, kronor in enumerate(by_priority, start=1)}


POLICY = Policy(
    currency="SEK",
    travel_minor_per_h=0,
    travel_minor_per_km=4 * KRONA,
    wage_minor_per_h=340 * KRONA,
    overtime_minor_per_h=170 * KRONA,
    shift_used_minor=150 * KRONA,
    lateness_minor_per_min=_kronor(40, 25, 15, 8, 4),
    worst_lateness_minor_per_min=5 * KRONA,
    unserved_minor=_kronor(9_000, 6_000, 3_500, 2_500, 1_500),
    mandatory_minor=100_000 * KRONA,
    preferred_window_minor_per_min=1 * KRONA,
    not_preferred_technician_minor=80 * KRONA,
    over_qualified_minor_per_level=12 * KRONA,
    foreign_territory_minor=90 * KRONA,
)

"""As what maps positions are given, and how all of them become WGS-84."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from dispatch.domain.day import Day
from dispatch.domain.gcj02 import from_gcj02
from dispatch.domain.position import Position


class Datum(StrEnum):
    """By which a latitude and a longitude are meant."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    """As Chinese maps have them."""


def in_wgs84(lat: float, lon: float, datum: Datum) -> Position:
    """The position that is meant.

    Raises
    ------
    InvalidValue
        ``position.latitude``, ``position.longitude``
    """
    return from_gcj02(lat, lon) if datum is Datum.GCJ02 else Position(lat, lon)


def day_in_wgs84(day: Day, datum: Datum) -> Day:
    """A day whose sites, outlets and homes were given by a datum, as all others know it."""
    if datum is Datum.WGS84:
        return day

    def there(position: Position) -> Position:
        return in_wgs84(position.lat, position.lon, datum)

    return replace(
        day,
        sites=tuple(replace(site, position=there(site.position)) for site in day.sites),
        outlets=tuple(replace(one, position=there(one.position)) for one in day.outlets),
        technicians=tuple(
            replace(one, home=there(one.home)) if one.home else one for one in day.technicians
        ),
    )

"""What the tags of a way allow: who, in which direction, and how fast.

The meaning of the tags follows the OpenStreetMap wiki: *Key:access*, *Key:oneway*,
*Key:maxspeed*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dispatch.travel.road.profile import Profile

Tags = Mapping[str, str]

REFUSED = frozenset(
    {"no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "military",
     "use_sidepath", "discouraged"}
)  # fmt: skip
YES = frozenset({"yes", "true", "1"})
BACKWARDS = frozenset({"-1", "reverse"})
NO = frozenset({"no", "false", "0"})
ROUND = frozenset({"roundabout", "circular"})

SLOW_SERVICE_KMH = {"parking_aisle": 8.0, "drive-through": 8.0, "driveway": 10.0}

KMH_IN = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots|)")
ZONE = re.compile(r"(?:[a-z]{2}:)?(?:zone:?)(\d+)")
NAMED_KMH = {
    "none": 130.0, "walk": 7.0, "living_street": 10.0, "urban": 50.0, "rural": 90.0,
    "trunk": 100.0, "motorway": 120.0,
}  # fmt: skip
NATIONAL_KMH = {
    "se:rural": 70.0, "se:motorway": 110.0, "ch:rural": 80.0, "li:rural": 80.0, "de:rural": 100.0,
    "de:motorway": 130.0, "at:rural": 100.0, "at:motorway": 130.0, "fr:rural": 80.0,
    "fr:motorway": 130.0, "gb:nsl_single": 96.6, "gb:nsl_dual": 112.7, "gb:motorway": 112.7,
}  # fmt: skip
"""National limits that differ from the usual ones; *OSM tags for routing/Maxspeed*."""


def is_allowed(tags: Tags, profile: Profile) -> bool:
    """Whether a traveller may use the way: the most special access tag decides."""
    if tags["highway"] not in profile.kmh:
        return False
    said = [tags[key] for key in profile.access_keys if key in tags]
    return not said or said[-1] not in REFUSED


def directions(tags: Tags, profile: Profile) -> tuple[bool, bool]:
    """Whether the way may be used forwards, and backwards.

    Roundabouts and motorways are one-way without saying so.
    """
    if not profile.follows_oneway or is_open_to_bikes_both_ways(tags, profile):
        return True, True
    oneway = tags.get("oneway")
    if oneway in YES:
        return True, False
    if oneway in BACKWARDS:
        return False, True
    if oneway == "reversible":  # it changes by the hour, and the file does not say when
        return False, False
    implied = tags.get("junction") in ROUND or tags["highway"] == "motorway"
    return True, oneway in NO or not implied


def is_open_to_bikes_both_ways(tags: Tags, profile: Profile) -> bool:
    """A one-way street that bikes may use against it."""
    contraflow = tags.get("oneway:bicycle") in NO or tags.get("cycleway", "").startswith("opposite")
    return profile.name == "bike" and contraflow


def speed_kmh(tags: Tags, profile: Profile) -> float:
    """The average speed on the way."""
    usual = profile.kmh[tags["highway"]]
    if profile.posted_share is None:
        return usual
    usual = SLOW_SERVICE_KMH.get(tags.get("service", ""), usual)
    posted = posted_kmh(tags.get("maxspeed", ""))
    return usual if posted is None else posted * profile.posted_share


def posted_kmh(text: str) -> float | None:
    """The limit that a ``maxspeed`` says; the lowest if it says several; ``None`` if it says none.

    ``50``, ``30 mph``, ``SE:urban``, ``DE:zone:30``, ``walk``, ``50;70`` are understood.
    """
    limits = [one_limit_kmh(part.strip().lower()) for part in text.split(";")]
    return min((limit for limit in limits if limit), default=None)


def one_limit_kmh(text: str) -> float | None:
    """The limit that one part of a ``maxspeed`` says; ``None`` for ``signals`` and the like."""
    if number := NUMBER.fullmatch(text):
        return plausible(float(number[1]) * KMH_IN[number[2]])
    if zone := ZONE.fullmatch(text):
        return plausible(float(zone[1]))
    return NATIONAL_KMH.get(text) or NAMED_KMH.get(text.partition(":")[2] or text)


def plausible(kmh: float) -> float | None:
    """A limit as signs have them; typing errors are left aside."""
    return kmh if 5 <= kmh <= 150 else None

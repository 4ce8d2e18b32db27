"""Who travels: which ways they may use, and how fast they get on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """A way of getting about."""

    name: str
    kmh: Mapping[str, float]
    """Average speed on each class of ``highway``; a class that is missing is not used."""
    access_keys: tuple[str, ...]
    """The tags that say whether this traveller may, from the general to the special."""
    follows_oneway: bool
    posted_share: float | None
    """Average speed as a part of the posted limit; ``None``: limits do not matter."""


CAR = Profile(
    name="car",
    # What a car averages where no limit is posted, with bends, junctions and lights.
    kmh={
        "motorway": 100, "motorway_link": 55, "trunk": 80, "trunk_link": 45, "primary": 60,
        "primary_link": 35, "secondary": 50, "secondary_link": 30, "tertiary": 40,
        "tertiary_link": 25, "unclassified": 30, "road": 25, "residential": 28,
        "living_street": 10, "service": 15,
    },
    access_keys=("access", "vehicle", "motor_vehicle", "motorcar"),
    follows_oneway=True,
    posted_share=0.8,
)  # fmt: skip
BIKE = Profile(
    name="bike",
    kmh={
        **dict.fromkeys(
            ("primary", "primary_link", "secondary", "secondary_link", "tertiary",
             "tertiary_link", "unclassified", "road", "residential", "service", "cycleway"), 16,
        ),
        "living_street": 12, "track": 12, "path": 12, "footway": 8, "pedestrian": 6, "steps": 2,
    },
    access_keys=("access", "vehicle", "bicycle"),
    follows_oneway=True,
    posted_share=None,
)  # fmt: skip
WALK = Profile(
    name="walk",
    kmh={
        **dict.fromkeys(
            ("primary", "primary_link", "secondary", "secondary_link", "tertiary",
             "tertiary_link", "unclassified", "road", "residential", "living_street", "service",
             "cycleway", "track", "path", "footway", "pedestrian", "bridleway"), 4.8,
        ),
        "steps": 2.5,
    },
    access_keys=("access", "foot"),
    follows_oneway=False,
    posted_share=None,
)  # fmt: skip

PROFILES = {profile.name: profile for profile in (CAR, BIKE, WALK)}

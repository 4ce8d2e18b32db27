from __future__ import annotations

import pytest

from dispatch.travel.road.profile import BIKE, CAR, WALK, Profile
from dispatch.travel.road.rules import directions, is_allowed, posted_kmh, speed_kmh


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "1"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"oneway": "no"}, (True, True)),
        ({"oneway": "reversible"}, (False, False)),
        ({"junction": "roundabout"}, (True, False)),
        ({"junction": "circular"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "motorway_link"}, (True, True)),
        ({"oneway": "yes", "oneway:bicycle": "no"}, (True, False)),
    ],
)
def test_directions_of_a_car(tags: dict[str, str], expected: tuple[bool, bool]) -> None:
    assert directions({"highway": "residential", **tags}, CAR) == expected


def test_a_bike_may_ride_against_some_one_way_streets_and_a_walker_against_all() -> None:
    street = {"highway": "residential", "oneway": "yes"}
    assert directions(street, BIKE) == (True, False)
    assert directions({**street, "oneway:bicycle": "no"}, BIKE) == (True, True)
    assert directions({**street, "cycleway": "opposite_lane"}, BIKE) == (True, True)
    assert directions(street, WALK) == (True, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50", 50), ("50 km/h", 50), ("30 mph", 48.28032), ("30mph", 48.28032),
        ("10 knots", 18.52), ("SE:urban", 50), ("SE:rural", 70), ("DE:rural", 100),
        ("RO:rural", 90), ("DE:motorway", 130), ("none", 130), ("walk", 7), ("DE:zone:30", 30),
        ("zone30", 30), ("DE:living_street", 10), ("70;50", 50), ("signals", None), ("", None),
        ("fast", None), ("0", None), ("5000", None), ("-50", None), ("nan", None),
        ("variable;60", 60),
    ],
)  # fmt: skip
def test_posted_limits(text: str, expected: float | None) -> None:
    assert posted_kmh(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("profile", "tags", "expected"),
    [
        (CAR, {"highway": "residential"}, True),
        (CAR, {"highway": "footway"}, False),
        (CAR, {"highway": "residential", "access": "private"}, False),
        (CAR, {"highway": "residential", "access": "destination"}, True),
        (CAR, {"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        (CAR, {"highway": "residential", "motor_vehicle": "yes", "motorcar": "no"}, False),
        (CAR, {"highway": "residential", "bicycle": "no"}, True),
        (CAR, {"highway": "service", "access": "psv"}, False),
        (BIKE, {"highway": "cycleway"}, True),
        (BIKE, {"highway": "motorway"}, False),
        (BIKE, {"highway": "path", "bicycle": "no"}, False),
        (WALK, {"highway": "steps"}, True),
        (WALK, {"highway": "residential", "access": "no", "foot": "yes"}, True),
    ],
)
def test_who_may_use_a_way(profile: Profile, tags: dict[str, str], *, expected: bool) -> None:
    assert is_allowed(tags, profile) is expected


def test_a_posted_limit_counts_in_part_and_for_cars_only() -> None:
    street = {"highway": "residential", "maxspeed": "30"}
    assert speed_kmh(street, CAR) == pytest.approx(24)
    assert speed_kmh(street, BIKE) == BIKE.kmh["residential"]
    assert speed_kmh({"highway": "residential"}, CAR) == CAR.kmh["residential"]


def test_car_parks_are_slow() -> None:
    aisle = {"highway": "service", "service": "parking_aisle"}
    assert speed_kmh(aisle, CAR) < CAR.kmh["service"]

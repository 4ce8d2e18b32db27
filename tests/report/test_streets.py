from __future__ import annotations

from tests.report.examples import Road, position, roads

from dispatch.domain.position import Position
from dispatch.report.projection import Projection
from dispatch.report.streets import StreetWeight, street_lines

PROJECTION = Projection(position(0, 0))
FRAME = (-2000.0, -2000.0, 2000.0, 2000.0)


def test_streets_are_weighed_by_their_class() -> None:
    ways = [
        Road([position(0, 0), position(1, 0)], kind)
        for kind in ("motorway_link", "tertiary", "footway", "nonsense")
    ]
    drawn = street_lines(ways, PROJECTION, FRAME)
    assert {weight: len(lines) for weight, lines in drawn.items()} == {
        StreetWeight.MAJOR: 1,
        StreetWeight.MIDDLE: 1,
        StreetWeight.MINOR: 2,
    }


def test_a_straight_street_shrinks_to_its_part_near_the_frame() -> None:
    (line,) = street_lines([roads()[12]], PROJECTION, FRAME)[StreetWeight.MIDDLE]
    assert len(line) == 2
    assert -2600 < line[0, 0] < -1900
    assert 1900 < line[1, 0] < 2600


def test_streets_elsewhere_are_left_out() -> None:
    far = Road([Position(10, 10), Position(10, 11)], "primary")
    assert not any(street_lines([far], PROJECTION, FRAME).values())


def test_no_streets_at_all() -> None:
    assert not any(street_lines([], PROJECTION, FRAME).values())

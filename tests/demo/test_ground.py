from __future__ import annotations

from dispatch.demo.day import demo_day
from dispatch.demo.ground import ground
from dispatch.demo.sizes import SIZES


def test_sample_days_lie_on_the_streets_of_the_demo_city() -> None:
    points = set(ground())
    assert len(points) > 10_000
    day = demo_day(SIZES["small"], 1)
    assert {site.position for site in day.sites} <= points
    assert {who.home for who in day.technicians if who.home} <= points

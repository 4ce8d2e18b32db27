"""All places of a day, as a travel matrix names them."""

from __future__ import annotations

from dispatch.domain.day import Day
from dispatch.domain.position import Place
from dispatch.planning.compile.places import places_of
from dispatch.planning.duty import duties_of
from dispatch.planning.horizon import Horizon
from dispatch.planning.visit import visits_of


def places_of_day(day: Day) -> tuple[Place, ...]:
    """Every site with a job, and every start and end of a shift, of a day without errors."""
    horizon = Horizon.of(day)
    return places_of(day, visits_of(day, horizon), duties_of(day, horizon)).all

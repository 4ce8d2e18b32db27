from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.errors import InvalidValue
from dispatch.travel.hours import RUSH_HOURS, HourlyFactors

STEPS = HourlyFactors((1.0, 2.0) * 12)


def test_between_full_hours_in_proportion() -> None:
    assert STEPS.at(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == 1
    assert STEPS.at(datetime(2026, 3, 2, 8, 15, tzinfo=UTC)) == pytest.approx(1.25)
    assert STEPS.at(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == pytest.approx(1.5)


def test_no_departure_is_an_average_hour() -> None:
    assert STEPS.at(None) == 1


def test_the_shipped_factors_have_two_rush_hours() -> None:
    factors = RUSH_HOURS.factors
    assert max(factors[6:10]) > factors[11]
    assert max(factors[15:18]) > factors[11]


def test_a_day_has_24_hours() -> None:
    with pytest.raises(InvalidValue) as caught:
        HourlyFactors((1.0,) * 23)
    assert caught.value.code == "travel.hours"


@pytest.mark.parametrize("factor", [0, -1, float("nan"), 9])
def test_an_impossible_factor_is_refused(factor: float) -> None:
    with pytest.raises(InvalidValue):
        HourlyFactors((factor,) + (1.0,) * 23)

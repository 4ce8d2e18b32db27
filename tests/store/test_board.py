"""The days of boards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.domain.clock import elapsed_s
from dispatch.store.board import span_of


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Stockholm", date(2026, 3, 3), 24),
        ("Europe/Stockholm", date(2026, 3, 29), 23),
        ("Europe/Stockholm", date(2026, 10, 25), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # the clocks skip midnight
        ("Africa/Cairo", date(2026, 4, 23), 24),
        ("America/Havana", date(2026, 11, 1), 25),  # and here show it twice
    ],
)
def test_a_day_goes_from_its_first_moment_to_the_next_ones(
    zone: str, day: date, hours: int
) -> None:
    span = span_of(day, ZoneInfo(zone))
    assert elapsed_s(span.start, span.end) == hours * 3_600
    assert span.start.astimezone(ZoneInfo(zone)).date() == day


def test_days_leave_nothing_out_between_them() -> None:
    zone = ZoneInfo("Africa/Cairo")
    assert span_of(date(2026, 4, 23), zone).end == span_of(date(2026, 4, 24), zone).start
    assert span_of(date(2026, 4, 24), zone).start == datetime(2026, 4, 23, 22, tzinfo=UTC)

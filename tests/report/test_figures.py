from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.report import figures


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 min", "0 分钟"),
        (29, "0 min", "0 分钟"),
        (30, "1 min", "1 分钟"),
        (3599, "1 h 00 min", "1 小时 00 分"),
        (11_100, "3 h 05 min", "3 小时 05 分"),
        (4_000_000, "1,111 h 07 min", "1,111 小时 07 分"),
    ],
)
def test_durations(seconds: int, english: str, chinese: str) -> None:
    assert figures.duration(seconds, "en") == english
    assert figures.duration(seconds, "zh") == chinese


def test_distances() -> None:
    assert figures.distance(12_449, "en") == "12.4 km"
    assert figures.distance(1_234_567, "zh") == "1,235 公里"


@pytest.mark.parametrize(
    ("currency", "text"), [("SEK", "12,345.60"), ("JPY", "1,234,560"), ("KWD", "1,234.560")]
)
def test_money_knows_its_minor_unit(currency: str, text: str) -> None:
    assert figures.money(1_234_560, currency) == text


def test_percent_and_clock() -> None:
    assert figures.percent(0.734) == "73\u202f%"
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert figures.clock(moment, ZoneInfo("Europe/Stockholm")) == "03:30"

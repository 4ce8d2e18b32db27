from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.clock import after, elapsed_s, fixed, localise
from dispatch.domain.shift import Shift
from dispatch.errors import InvalidValue

HOUR_S = 3_600
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = ("Europe/Stockholm", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda wall: wall.replace(microsecond=0, tzinfo=UTC)
)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stockholm(text: str) -> datetime:
    return wall(text).replace(tzinfo=STOCKHOLM)


def is_skipped(time: datetime, zone: ZoneInfo) -> bool:
    """The slow twin: no minute of the surrounding days is shown so."""
    day = time.replace(tzinfo=UTC) - timedelta(days=1)
    return all(
        (day + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None) != time
        for minute in range(48 * 60)
    )


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-28 22:00", "2026-03-29 06:00", 7),
        ("2026-10-24 22:00", "2026-10-25 06:00", 9),
        ("2026-03-27 22:00", "2026-03-28 06:00", 8),
    ],
    ids=["clocks go forward", "clocks go back", "clocks stay"],
)
def test_a_shift_over_a_change_of_clocks_is_as_long_as_it_is(
    start: str, end: str, hours: int
) -> None:
    for begins, ends in (
        (stockholm(start), stockholm(end)),
        (localise(wall(start), STOCKHOLM), localise(wall(end), STOCKHOLM)),
    ):
        shift = Shift(id="night", start=begins, end=ends)
        assert elapsed_s(shift.start, shift.end) == hours * HOUR_S


def test_a_shift_inside_the_hour_shown_twice_is_not_reversed() -> None:
    first, second = stockholm("2026-10-25 02:30"), stockholm("2026-10-25 02:10").replace(fold=1)
    shift = Shift(id="night", start=first, end=second)
    assert elapsed_s(shift.start, shift.end) == 40 * 60


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2026-03-29 02:00", "time.gap"),
        ("2026-03-29 02:59:59", "time.gap"),
        ("2026-10-25 02:00", "time.fold"),
        ("2026-10-25 02:59:59", "time.fold"),
    ],
)
def test_a_wall_clock_that_names_no_moment_or_two_is_refused(time: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        localise(wall(time), STOCKHOLM)
    assert refused.value.code == code
    assert refused.value.values["zone"] == "Europe/Stockholm"


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00"),
        ("2026-03-29 03:00", "2026-03-29T03:00:00+02:00"),
        ("2026-10-25 01:59:59", "2026-10-25T01:59:59+02:00"),
        ("2026-10-25 03:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_the_edges_of_a_change_are_plain_times(time: str, moment: str) -> None:
    assert localise(wall(time), STOCKHOLM).isoformat() == moment


def test_half_an_hour_is_skipped_where_clocks_change_by_half_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    with pytest.raises(InvalidValue, match="2026-10-04 02:15"):
        localise(wall("2026-10-04 02:15"), lord_howe)
    assert localise(wall("2026-10-04 02:30"), lord_howe).isoformat()[-6:] == "+11:00"


def test_a_whole_day_is_skipped_where_the_date_line_moved() -> None:
    apia = ZoneInfo("Pacific/Apia")
    with pytest.raises(InvalidValue) as refused:
        localise(wall("2011-12-30 12:00"), apia)
    assert refused.value.code == "time.gap"
    over = elapsed_s(
        localise(wall("2011-12-29 22:00"), apia), localise(wall("2011-12-31 06:00"), apia)
    )
    assert over == 8 * HOUR_S


@given(moments, st.integers(0, 31 * 24 * HOUR_S), st.sampled_from(ZONES))
def test_what_is_added_has_passed(start: datetime, seconds: int, zone: str) -> None:
    later = after(start, seconds, ZoneInfo(zone))
    assert elapsed_s(start, later) == seconds
    assert later.utcoffset() == later.astimezone(ZoneInfo(zone)).utcoffset()


@given(moments, st.sampled_from(ZONES))
def test_a_fixed_moment_is_the_same_moment_on_the_same_clock(moment: datetime, zone: str) -> None:
    shown = moment.astimezone(ZoneInfo(zone))
    assert fixed(shown) == moment
    assert fixed(shown).replace(tzinfo=None) == shown.replace(tzinfo=None, fold=0)


def test_a_time_without_an_offset_is_no_moment() -> None:
    with pytest.raises(InvalidValue) as refused:
        fixed(wall("2026-03-02 08:00"))
    assert refused.value.code == "time.naive"


@given(
    st.sampled_from(["2026-03-29", "2026-10-25", "2026-10-04", "2026-11-01"]),
    st.integers(0, 6 * 60 - 1),
    st.sampled_from(ZONES),
)
def test_a_time_is_refused_exactly_where_the_clocks_skip_or_repeat_it(
    date: str, minute: int, zone: str
) -> None:
    time = wall(date) + timedelta(minutes=minute)
    known = ZoneInfo(zone)
    try:
        moment = localise(time, known)
    except InvalidValue as refused:
        assert (refused.code == "time.gap") == is_skipped(time, known)  # noqa: PT017
        return
    assert moment.astimezone(known).replace(tzinfo=None) == time
    assert not is_skipped(time, known)

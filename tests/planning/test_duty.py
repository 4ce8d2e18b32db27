from __future__ import annotations

from typing import Any

from tests.planning.made import at, day, only_duty, shift, technician

from dispatch.domain.shift import Absence, Break
from dispatch.planning.duty import Duty, Pause, duties_of
from dispatch.planning.horizon import Horizon, Span

HOUR = 3_600


def duty(*away: tuple[float, float], **more: Any) -> Duty:
    absences = tuple(Absence(start=at(start), end=at(end)) for start, end in away)
    return only_duty(day(technicians=[technician(absences=absences, shifts=(shift(**more),))]))


def rest(earliest: float, latest: float, duration_s: int = 1_800) -> Break:
    return Break(earliest=at(earliest), latest=at(latest), duration_s=duration_s)


def test_a_shift_without_absences_stays_as_it_is() -> None:
    plain = duty(overtime_s=HOUR)
    assert (plain.earliest_s, plain.end_s, plain.latest_s) == (8 * HOUR, 16 * HOUR, 17 * HOUR)
    assert plain.stretches == (Span(8 * HOUR, 17 * HOUR),)


def test_an_absence_at_the_start_delays_it() -> None:
    assert duty((6, 9)).earliest_s == 9 * HOUR


def test_an_absence_at_the_end_takes_the_overtime_too() -> None:
    cut = duty((15, 16), overtime_s=HOUR)
    assert (cut.end_s, cut.latest_s) == (15 * HOUR, 15 * HOUR)


def test_an_absence_after_the_end_cuts_the_overtime() -> None:
    cut = duty((16.5, 20), overtime_s=HOUR)
    assert (cut.end_s, cut.latest_s) == (16 * HOUR, 16.5 * HOUR)


def test_an_absence_in_the_middle_is_a_pause() -> None:
    split = duty((10, 12))
    assert split.pauses == (Pause(10 * HOUR, 10 * HOUR, 2 * HOUR, True),)
    assert split.stretches == (Span(8 * HOUR, 10 * HOUR), Span(12 * HOUR, 16 * HOUR))


def test_absences_that_touch_are_one() -> None:
    assert duty((7, 9), (9, 11), (10.5, 12)).earliest_s == 12 * HOUR


def test_nothing_is_left_of_a_shift_that_is_all_absence() -> None:
    away = technician(absences=(Absence(start=at(7), end=at(17)),))
    made = day(technicians=[away])
    assert duties_of(made, Horizon.of(made)) == ()


def test_a_break_outside_what_is_left_is_not_owed() -> None:
    breaks = (rest(9, 9.5), rest(15.5, 16))
    assert duty((8, 10), (15, 18), breaks=breaks).pauses == ()


def test_a_break_is_taken_before_an_absence_that_cuts_it() -> None:
    pauses = duty((12, 13), breaks=(rest(11, 12.5),)).pauses
    assert Pause(11 * HOUR, 11.5 * HOUR, 1_800) in pauses


def test_a_break_without_room_before_an_absence_is_taken_after_it() -> None:
    pauses = duty((12, 13), breaks=(rest(11.75, 14),)).pauses
    assert Pause(13 * HOUR, 14 * HOUR, 1_800) in pauses


def test_a_break_that_an_absence_covers_has_been_taken() -> None:
    pauses = duty((11, 14), breaks=(rest(11.5, 12),)).pauses
    assert pauses == (Pause(11 * HOUR, 11 * HOUR, 3 * HOUR, True),)


def test_overtime_ends_where_the_next_shift_begins() -> None:
    shifts = (shift(8, 12, "early", overtime_s=2 * HOUR), shift(13, 16, "late"))
    assert only_duty(day(technicians=[technician(shifts=shifts)])).latest_s == 13 * HOUR


def test_overtime_ends_with_the_day() -> None:
    made = day(technicians=[technician(shifts=(shift(20, 23.5, overtime_s=2 * HOUR),))])
    assert only_duty(made).latest_s == 24 * HOUR

from __future__ import annotations

from tests.planning.made import at, job, pair, shift, technician, window

from dispatch.domain.shift import Absence
from dispatch.planning.rules.duration import duration_miss
from dispatch.planning.rules.reach import Way, reach_miss
from dispatch.planning.rules.window import window_miss

NO_WAY = Way(0, 0)


def test_a_window_may_begin_as_the_shift_ends() -> None:
    assert window_miss(*pair(job(windows=(window(16, 18),)))) is None


def test_a_window_outside_the_shift_is_missed_by_minutes() -> None:
    missed = window_miss(*pair(job(windows=(window(16.5, 18), window(6, 7)))))
    assert missed is not None
    assert (missed.code, missed.values) == ("window", {"minutes": 30, "shift": "day"})


def test_a_window_inside_an_absence_is_missed() -> None:
    away = technician(absences=(Absence(start=at(10), end=at(12)),))
    assert window_miss(*pair(job(windows=(window(9, 11),)), away)) is None
    missed = window_miss(*pair(job(windows=(window(10.5, 11.25),)), away))
    assert missed is not None
    assert missed.values["minutes"] == 30


def test_windows_on_another_day_leave_none() -> None:
    missed = window_miss(*pair(job(windows=(window(30, 31),))))
    assert missed is not None
    assert missed.code == "window.none"


def test_the_work_ends_with_the_shift_and_its_overtime() -> None:
    late = job(windows=(window(15.5, 18),))
    person = technician(shifts=(shift(overtime_s=1_800),))
    assert duration_miss(*pair(late, person)) is None
    missed = duration_miss(*pair(late, technician()))
    assert missed is not None
    assert missed.values == {"minutes": 30, "work": 60, "shift": "day"}


def test_slow_people_need_longer() -> None:
    late = job(windows=(window(15, 18),))
    assert duration_miss(*pair(late)) is None
    missed = duration_miss(*pair(late, technician(duration_factor=1.5)))
    assert missed is not None
    assert missed.values == {"minutes": 30, "work": 90, "shift": "day"}


def test_the_way_there_counts_against_the_window() -> None:
    early = job(windows=(window(7, 8.25),))
    assert reach_miss(*pair(early), Way(900, 0)) is None
    missed = reach_miss(*pair(early), Way(1_500, 0))
    assert missed is not None
    assert (missed.code, missed.values["minutes"]) == ("travel.window", 10)


def test_the_way_back_counts_against_the_shift() -> None:
    late = job(windows=(window(14.5, 18),))
    assert reach_miss(*pair(late), Way(0, 1_800)) is None
    missed = reach_miss(*pair(late), Way(0, 2_400))
    assert missed is not None
    assert (missed.code, missed.values["minutes"]) == ("travel.shift", 10)


def test_the_way_is_no_longer_than_the_shift_allows() -> None:
    person = technician(shifts=(shift(max_travel_s=600),))
    assert reach_miss(*pair(person=person), Way(300, 300)) is None
    missed = reach_miss(*pair(person=person), Way(300, 420))
    assert missed is not None
    assert (missed.code, missed.values) == ("travel.most", {"minutes": 2, "most": 10})


def test_one_who_is_there_fits_whenever_the_work_does() -> None:
    assert reach_miss(*pair(), NO_WAY) is None

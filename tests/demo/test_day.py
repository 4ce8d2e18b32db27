from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from dispatch.demo.calendar import DATE
from dispatch.demo.day import demo_day
from dispatch.demo.eligible import eligible, gone
from dispatch.demo.sizes import SIZES, Size
from dispatch.domain.day import Day
from dispatch.domain.job import CrewTiming, PinLevel
from dispatch.domain.position import Position
from dispatch.domain.shift import AnchorKind
from dispatch.domain.window import WindowKind
from dispatch.planning.check import check_day

GRID = tuple(
    Position(57.65 + row * 0.001, 11.88 + column * 0.002)
    for row in range(90)
    for column in range(120)
)
CITY = demo_day(SIZES["city"], 1, GRID)


@pytest.fixture(params=["small", "city", "large"])
def size(request: pytest.FixtureRequest) -> Size:
    return SIZES[request.param]


@pytest.mark.parametrize(
    ("name", "technicians", "jobs"),
    [("small", 8, 60), ("city", 40, 400), ("large", 100, 1_000), ("huge", 1_000, 10_000)],
)
def test_sizes_are_as_promised(name: str, technicians: int, jobs: int) -> None:
    day = demo_day(SIZES[name], 5, GRID)
    assert (len(day.technicians), len(day.jobs)) == (technicians, jobs)


def test_a_seed_repeats_the_day(size: Size) -> None:
    assert demo_day(size, 7, GRID) == demo_day(size, 7, GRID)


def test_another_seed_gives_another_day(size: Size) -> None:
    one, other = demo_day(size, 7, GRID), demo_day(size, 8, GRID)
    assert one.jobs != other.jobs
    assert one.technicians != other.technicians
    assert one.sites != other.sites


@pytest.mark.parametrize("seed", range(5))
def test_every_name_in_a_day_is_known(size: Size, seed: int) -> None:
    day = demo_day(size, seed, GRID)
    skills = {skill.id for skill in day.skills}
    people = day.technicians_by_id
    for job in day.jobs:
        assert job.site in day.sites_by_id
        assert job.type in day.job_types_by_id
        assert {before.job for before in job.dependencies} <= day.jobs_by_id.keys()
        named = (*job.required_technicians, *job.preferred_technicians)
        named += (*job.prohibited_technicians, *(pin.technician for pin in job.pins))
        assert set(named) <= people.keys()
    for technician in day.technicians:
        assert {held.skill for held in technician.skills} <= skills
        assert technician.outlet in day.outlets_by_id


@pytest.mark.parametrize("seed", range(5))
def test_only_the_jobs_made_impossible_are_so(size: Size, seed: int) -> None:
    day = demo_day(size, seed, GRID)
    findings = check_day(day)
    assert {finding.severity for finding in findings} == {"warning"}
    first = size.jobs - size.impossible
    impossible = [f"/jobs/{index}" for index in range(first, size.jobs)]
    assert sorted(str(finding.place) for finding in findings) == impossible


@pytest.mark.parametrize("seed", range(5))
def test_somebody_has_the_skills_for_every_seat_but_those_made_impossible(
    size: Size, seed: int
) -> None:
    day = demo_day(size, seed, GRID)
    for job in day.jobs[: -size.impossible]:
        for seat in range(len(day.seats(job))):
            able = eligible(day.technicians, job, day.job_types_by_id[job.type], seat)
            assert able, (job.id, job.type, seat)


@pytest.mark.parametrize("seed", range(5))
def test_pins_and_required_technicians_are_able_and_there(size: Size, seed: int) -> None:
    day = demo_day(size, seed, GRID)
    for job in day.jobs[: -size.impossible]:
        able = {
            person.id for person in eligible(day.technicians, job, day.job_types_by_id[job.type])
        }
        assert {pin.technician for pin in job.pins} <= able
        assert set(job.required_technicians) <= able


def test_the_impossible_jobs_fail_for_different_reasons() -> None:
    lapsed, late, parts, away = CITY.jobs[-4:]
    assert not eligible(CITY.technicians, lapsed, CITY.job_types_by_id[lapsed.type])
    latest = max(
        shift.end + timedelta(seconds=shift.overtime_s)
        for technician in CITY.technicians
        for shift in technician.shifts
    )
    assert late.windows[0].start > latest
    most = max(technician.capacity.get("compressor", 0) for technician in CITY.technicians)
    assert parts.parts["compressor"] > most
    assert all(gone(CITY.technicians_by_id[name]) for name in away.required_technicians)


def test_the_city_day_has_everything_in_it() -> None:
    crews = Counter(crew.timing for job in CITY.jobs if (crew := CITY.crew(job)))
    assert crews[CrewTiming.TOGETHER] > 1
    assert crews[CrewTiming.SEQUENCE] > 1
    kinds = Counter(window.kind for job in CITY.jobs for window in job.windows)
    assert kinds[WindowKind.HARD] > kinds[WindowKind.PREFERRED] > 10
    assert {job.priority for job in CITY.jobs} == {1, 2, 3, 4, 5}
    levels = Counter(pin.level for job in CITY.jobs for pin in job.pins)
    assert levels[PinLevel.TECHNICIAN] > 1
    assert levels[PinLevel.TIME] == 1
    assert levels[PinLevel.ORDER] == 2
    for feature in (
        "sla_due",
        "mandatory",
        "dependencies",
        "preferred_technicians",
        "prohibited_technicians",
        "required_technicians",
    ):
        assert sum(bool(getattr(job, feature)) for job in CITY.jobs) > 2, feature
    assert len({job.site for job in CITY.jobs}) < len(CITY.jobs)
    assert any(len(job.windows) == 2 for job in CITY.jobs)


def test_the_city_staff_has_everything_in_it() -> None:
    staff = CITY.technicians
    contractors = [technician for technician in staff if technician.contractor]
    assert len(contractors) == 5
    for contractor in contractors:
        assert contractor.wage_minor_per_h == 0
        assert contractor.visit_minor > 0
        assert contractor.shifts[0].start_at.kind is AnchorKind.OPEN
    assert sum(gone(technician) for technician in staff) == 1
    assert any(len(technician.shifts) == 2 for technician in staff)
    certificates = [held for person in staff for held in person.skills if held.expires]
    soon = DATE + timedelta(days=15)
    assert any(held.expires < DATE for held in certificates if held.expires)
    assert any(DATE <= held.expires <= soon for held in certificates if held.expires)
    assert len({technician.name for technician in staff}) == len(staff)


def test_work_and_working_time_are_in_honest_proportion(size: Size) -> None:
    day = demo_day(size, 1, GRID)
    share = _work_s(day) / _working_time_s(day)
    assert 0.6 < share < 0.85


def _work_s(day: Day) -> float:
    return sum(
        (seat.duration_s or job.duration_s or day.job_types_by_id[job.type].duration_s)
        + day.sites_by_id[job.site].setup_s
        for job in day.jobs
        for seat in day.seats(job)
    )


def _working_time_s(day: Day) -> float:
    return sum(
        (shift.end - shift.start).total_seconds() - sum(rest.duration_s for rest in shift.breaks)
        for technician in day.technicians
        for shift in technician.shifts
    )

"""Days made up by hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dispatch.domain.clock import fixed
from dispatch.domain.day import Day
from dispatch.domain.job import (
    Crew,
    CrewTiming,
    Dependency,
    Job,
    JobType,
    Pin,
    PinLevel,
    Seat,
)
from dispatch.domain.policy import PRIORITIES, Policy
from dispatch.domain.position import Position
from dispatch.domain.published import Published
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind

ZONES = ("Europe/Stockholm", "Asia/Shanghai", "America/New_York")
MIDNIGHT = datetime(2026, 10, 25, tzinfo=UTC)
"""Stockholm shows an hour twice on that night."""
PROFILES = ("car", "bicycle")
PARTS = ("filter", "pump; old", 'Ventil: 1/2"')

flags = st.booleans()
levels = st.integers(1, 5)
prices = st.integers(0, 10**7)
durations = st.integers(1, 4 * 3600) | st.integers(1, 16).map(lambda quarters: quarters * 900)
delays = st.integers(0, 3600)
factors = st.sampled_from((0.5, 0.85, 1.0, 1.2, 0.333))
amounts = st.dictionaries(st.sampled_from(PARTS), st.integers(0, 9), max_size=2)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"))
    | st.sampled_from("=+-@'\"#,;:，；：、 工单"),
    max_size=12,
).map(str.strip)
identifiers = names.filter(lambda name: bool(name) and name.isprintable())
positions = st.builds(
    Position,
    st.integers(57_600_000, 57_800_000).map(lambda millionths: millionths / 1e6),
    st.integers(-12_100_000, 12_100_000).map(lambda millionths: millionths / 1e6),
)
"""Spreadsheets keep 15 digits of a number."""


@st.composite
def moments_in(draw: st.DrawFn, zone: str, *, low_h: int = 0, high_h: int = 47) -> datetime:
    minutes = draw(st.integers(low_h * 60, high_h * 60))
    seconds = draw(st.sampled_from((0, 0, 0, 17)))
    moment = MIDNIGHT + timedelta(minutes=minutes, seconds=seconds)
    return fixed(moment.astimezone(ZoneInfo(zone)))


@st.composite
def _spans(draw: st.DrawFn, zone: str) -> tuple[datetime, datetime]:
    start = draw(moments_in(zone, high_h=40))
    end = start.astimezone(UTC) + timedelta(minutes=draw(st.integers(1, 400)))
    return start, fixed(end.astimezone(ZoneInfo(zone)))


@st.composite
def _needs(draw: st.DrawFn, skills: list[str]) -> SkillNeeds:
    def needed() -> tuple[NeededSkill, ...]:
        chosen = draw(st.lists(st.sampled_from(skills), unique=True, max_size=2))
        return tuple(NeededSkill(skill=skill, min_level=draw(levels)) for skill in chosen)

    none_of = draw(st.lists(st.sampled_from(skills), unique=True, max_size=1))
    return SkillNeeds(all_of=needed(), any_of=needed(), none_of=tuple(none_of))


@st.composite
def _crews(draw: st.DrawFn, skills: list[str]) -> Crew:
    seats = st.builds(Seat, duration_s=st.none() | durations, needs=st.none() | _needs(skills))
    timing = draw(st.sampled_from(CrewTiming))
    low = draw(delays)
    return Crew(
        seats=tuple(draw(st.lists(seats, min_size=2, max_size=3))),
        timing=timing,
        min_delay_s=0 if timing is CrewTiming.TOGETHER else low,
        max_delay_s=0 if timing is CrewTiming.TOGETHER else low + draw(delays),
    )


@st.composite
def _anchors(draw: st.DrawFn, outlets: list[str], sites: list[str]) -> Anchor:
    kind = draw(st.sampled_from(AnchorKind))
    places = {AnchorKind.OUTLET: outlets, AnchorKind.SITE: sites}.get(kind)
    return Anchor(kind=kind, id=draw(st.sampled_from(places)) if places else None)


@st.composite
def _shifts(draw: st.DrawFn, name: str, zone: str, anchors: st.SearchStrategy[Anchor]) -> Shift:
    start, end = draw(_spans(zone))
    breaks = tuple(
        Break(earliest=earliest, latest=latest, duration_s=draw(durations))
        for earliest, latest in draw(st.lists(_spans(zone), max_size=2))
    )
    return Shift(
        id=name,
        start=start,
        end=end,
        start_at=draw(anchors),
        end_at=draw(anchors),
        breaks=breaks,
        overtime_s=draw(delays),
        max_jobs=draw(st.none() | st.integers(0, 9)),
        max_travel_s=draw(st.none() | durations),
    )


@st.composite
def _pins(draw: st.DrawFn, technicians: list[Technician], zone: str, seat: int) -> Pin:
    technician = draw(st.sampled_from(technicians))
    shifts = [shift.id for shift in technician.shifts]
    level = draw(st.sampled_from(PinLevel))
    return Pin(
        technician=technician.id,
        seat=seat,
        level=level,
        shift=draw(st.none() | st.sampled_from(shifts)) if shifts else None,
        order=draw(st.integers(0, 9)) if level is PinLevel.ORDER else None,
        start=draw(moments_in(zone)) if level is PinLevel.TIME else None,
    )


@st.composite
def _published(draw: st.DrawFn, technicians: list[Technician], zone: str, seat: int) -> Published:
    technician = draw(st.sampled_from(technicians))
    shifts = [shift.id for shift in technician.shifts]
    start, end = draw(st.just((None, None)) | _spans(zone))
    return Published(
        technician=technician.id,
        seat=seat,
        shift=draw(st.none() | st.sampled_from(shifts)) if shifts else None,
        order=draw(st.none() | st.integers(0, 9)),
        start=start,
        end=end,
    )


def _ids(draw: st.DrawFn, least: int, most: int) -> list[str]:
    return draw(st.lists(identifiers, min_size=least, max_size=most, unique_by=str.casefold))


SPEEDS = (
    Speed(start="07:30", end="09:00", percent=60),
    Speed(start="16:00", end="24:00", percent=90),
    Speed(start="22:00", end="05:00", percent=120, profile="bicycle"),
)


@st.composite
def small_days(draw: st.DrawFn) -> Day:
    """Days of at most three technicians and four jobs whose parts know each other.

    Everything that a day can say turns up. Not every job can be done.
    """
    zone = draw(st.sampled_from(ZONES))
    skills, outlets, sites = _ids(draw, 1, 3), _ids(draw, 1, 2), _ids(draw, 1, 3)
    territories, job_types = _ids(draw, 1, 2), _ids(draw, 1, 2)
    areas = st.sampled_from(territories)
    technicians = draw(
        _technicians(
            zone=zone,
            skills=skills,
            outlets=outlets,
            sites=sites,
            territories=territories,
            job_types=job_types,
        )
    )
    return Day(
        id=draw(identifiers),
        zone=zone,
        start=fixed((MIDNIGHT - timedelta(hours=1)).astimezone(ZoneInfo(zone))),
        end=fixed((MIDNIGHT + timedelta(hours=49)).astimezone(ZoneInfo(zone))),
        name=draw(names),
        policy=draw(_policies()),
        speeds=tuple(draw(st.lists(st.sampled_from(SPEEDS), max_size=3, unique=True))),
        skills=tuple(Skill(id=skill, name=draw(names)) for skill in skills),
        territories=tuple(Territory(id=area, name=draw(names)) for area in territories),
        outlets=tuple(
            Outlet(
                id=outlet,
                position=draw(positions),
                name=draw(names),
                parent=outlets[0] if index else None,
            )
            for index, outlet in enumerate(outlets)
        ),
        sites=tuple(
            Site(
                id=site,
                position=draw(positions),
                name=draw(names),
                address=draw(names),
                territory=draw(st.none() | areas),
                setup_s=draw(delays),
            )
            for site in sites
        ),
        job_types=tuple(
            JobType(
                id=job_type,
                duration_s=draw(durations),
                name=draw(names),
                needs=draw(_needs(skills)),
                crew=draw(st.none() | _crews(skills)),
                parts=draw(amounts),
                level_factors=draw(st.dictionaries(levels, factors, max_size=2)),
                revenue_minor=draw(prices),
                fee_minor=draw(prices),
            )
            for job_type in job_types
        ),
        technicians=technicians,
        jobs=draw(
            _jobs(
                zone=zone,
                skills=skills,
                sites=sites,
                job_types=job_types,
                technicians=list(technicians),
            )
        ),
    )


@st.composite
def _policies(draw: st.DrawFn) -> Policy:
    return Policy(
        currency=draw(st.sampled_from(("EUR", "SEK", "CNY", "JPY", "KWD"))),
        travel_minor_per_km=draw(prices),
        lateness_minor_per_min={priority: draw(prices) for priority in PRIORITIES},
        mandatory_minor=draw(prices),
        promise_wait_s=draw(delays),
        order_changed_minor=draw(prices),
        territories_hold=draw(flags),
    )


@st.composite
def _technicians(
    draw: st.DrawFn,
    *,
    zone: str,
    skills: list[str],
    outlets: list[str],
    sites: list[str],
    territories: list[str],
    job_types: list[str],
) -> tuple[Technician, ...]:
    def subset(entries: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(entries), unique=True, max_size=2))

    anchors = _anchors(outlets, sites)
    expiries = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
    return tuple(
        Technician(
            id=technician,
            name=draw(names),
            home=draw(st.none() | positions),
            outlet=draw(st.none() | st.sampled_from(outlets)),
            skills=tuple(
                HeldSkill(skill=skill, level=draw(levels), expires=draw(expiries))
                for skill in skills
                if draw(flags)
            ),
            shifts=tuple(draw(_shifts(name, zone, anchors)) for name in _ids(draw, 0, 2)),
            absences=tuple(
                Absence(start=start, end=end, reason=draw(names))
                for start, end in draw(st.lists(_spans(zone), max_size=1))
            ),
            territories=tuple(subset(territories)),
            profile=draw(st.sampled_from(PROFILES)),
            duration_factor=draw(factors),
            job_type_factors={job_type: draw(factors) for job_type in subset(job_types)},
            capacity=draw(amounts),
            contractor=draw(flags),
            wage_minor_per_h=draw(st.none() | prices),
            visit_minor=draw(prices),
            work_ahead_s=draw(st.integers(-90_000, 90_000)),
        )
        for technician in _ids(draw, 1, 3)
    )


@st.composite
def _jobs(
    draw: st.DrawFn,
    *,
    zone: str,
    skills: list[str],
    sites: list[str],
    job_types: list[str],
    technicians: list[Technician],
) -> tuple[Job, ...]:
    people = st.lists(
        st.sampled_from([technician.id for technician in technicians]), unique=True, max_size=2
    ).map(tuple)
    jobs: list[Job] = []
    for name in _ids(draw, 1, 4):
        windows = [
            Window(start=start, end=end, kind=draw(st.sampled_from(WindowKind)))
            for start, end in draw(st.lists(_spans(zone), max_size=2))
        ]
        before = draw(st.lists(st.sampled_from(jobs), max_size=1)) if jobs else []
        low = draw(delays)
        jobs.append(
            Job(
                id=name,
                type=draw(st.sampled_from(job_types)),
                site=draw(st.sampled_from(sites)),
                name=draw(names),
                duration_s=draw(st.none() | durations),
                needs=draw(_needs(skills)),
                crew=draw(st.none() | _crews(skills)),
                windows=tuple(windows),
                sla_due=draw(st.none() | moments_in(zone)),
                priority=draw(levels),
                mandatory=draw(flags),
                required_technicians=draw(people),
                preferred_technicians=draw(people),
                prohibited_technicians=draw(people),
                dependencies=tuple(
                    Dependency(
                        job=job.id,
                        min_delay_s=low,
                        max_delay_s=draw(st.none() | delays.map(low.__add__)),
                    )
                    for job in before
                ),
                parts=draw(amounts),
                pins=tuple(
                    draw(_pins(technicians, zone, seat)) for seat in range(2) if draw(flags)
                ),
                published=tuple(
                    draw(_published(technicians, zone, seat)) for seat in range(2) if draw(flags)
                ),
                revenue_minor=draw(st.none() | prices),
                fee_minor=draw(st.none() | prices),
            )
        )
    return tuple(jobs)

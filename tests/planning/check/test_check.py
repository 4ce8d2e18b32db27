"""Every code of the check, provoked; and nothing said of a sound day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.made import (
    REPAIR,
    SITES,
    at,
    day,
    held,
    job,
    shift,
    spot,
    technician,
    window,
)
from tests.strategies import small_days

from dispatch import texts
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Dependency, JobType, Pin, PinLevel, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break
from dispatch.domain.site import Outlet, Territory
from dispatch.domain.skill import HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.planning.check import check_day

PAIR = Crew(seats=(Seat(), Seat()))
OPEN_END = Anchor(kind=AnchorKind.OPEN)
FIRST, OTHER = technician("T1"), technician("T2")


def needing(skill: str, level: int = 1) -> SkillNeeds:
    return SkillNeeds(all_of=(NeededSkill(skill=skill, min_level=level),))


def pinned(*pins: Pin, **more: Any) -> Day:
    return day([job(pins=pins, **more)], [FIRST, OTHER])


def to(name: str, hour: float | None = None, seat: int = 0) -> Pin:
    if hour is None:
        return Pin(technician=name, seat=seat)
    return Pin(technician=name, seat=seat, level=PinLevel.TIME, start=at(hour))


def lunch(hour: float) -> Break:
    return Break(earliest=at(hour), latest=at(hour + 1), duration_s=1_800)


def nobody(wanted: dict[str, Any], person: dict[str, Any] | None = None, **more: Any) -> Day:
    return day([job(**wanted)], [technician(**(person or {}))], **more)


DAYS: dict[str, tuple[str, Day]] = {
    "day.twice.skills": ("/skills/1/id", day(skills=(Skill(id="gas"),) * 2)),
    "day.twice.territories": (
        "/territories/2/id",
        day(territories=(Territory(id="left"), Territory(id="right"), Territory(id="left"))),
    ),
    "day.twice.outlets": ("/outlets/1/id", day(outlets=(Outlet(id="x", position=spot()),) * 2)),
    "day.twice.sites": ("/sites/3/id", day(sites=(*SITES, SITES[0]))),
    "day.twice.job-types": ("/job_types/1/id", day(job_types=(REPAIR, REPAIR))),
    "day.twice.technicians": ("/technicians/1/id", day(technicians=[FIRST, FIRST])),
    "day.twice.jobs": ("/jobs/1/id", day([job(), job()])),
    "day.unknown.skill": ("/jobs/0/needs/all_of/0/skill", nobody({"needs": needing("gass")})),
    "day.unknown.territory": (
        "/technicians/0/territories/0",
        day(technicians=[technician(territories=("x",))]),
    ),
    "day.unknown.outlet": (
        "/technicians/0/shifts/0/end_at/id",
        day(
            technicians=[technician(shifts=(shift(end_at=Anchor(kind=AnchorKind.OUTLET, id="x")),))]
        ),
    ),
    "day.unknown.site": ("/jobs/0/site", nobody({"site": "eats"})),
    "day.unknown.job-type": (
        "/technicians/0/job_type_factors/a~1b~0",
        day(technicians=[technician(job_type_factors={"a/b~": 1.0})]),
    ),
    "day.unknown.technician": (
        "/jobs/0/preferred_technicians/1",
        nobody({"preferred_technicians": ("T1", "T9")}),
    ),
    "day.unknown.job": (
        "/jobs/0/dependencies/0/job",
        nobody({"dependencies": (Dependency(job="J9"),)}),
    ),
    "day.unknown.shift": (
        "/jobs/0/pins/0/shift",
        pinned(Pin(technician="T1", shift="night")),
    ),
    "technician.no-shift": ("/technicians/0/shifts", day(technicians=[technician(shifts=())])),
    "technician.no-home": (
        "/technicians/0/shifts/0/start_at",
        day(technicians=[technician(home=None, shifts=(shift(end_at=OPEN_END),))]),
    ),
    "shift.outside": (
        "/technicians/0/shifts/0",
        day(technicians=[technician(shifts=(shift(20, 26),))]),
    ),
    "break.outside": (
        "/technicians/0/shifts/0/breaks/1",
        day(technicians=[technician(shifts=(shift(breaks=(lunch(12), lunch(17))),))]),
    ),
    "shift.overlap": (
        "/technicians/0/shifts/0",
        day(technicians=[technician(shifts=(shift(12, 16, "b"), shift(8, 13, "a")))]),
    ),
    "absence.outside": (
        "/technicians/0/absences/0",
        day(technicians=[technician(absences=(Absence(start=at(24), end=at(30)),))]),
    ),
    "window.outside": (
        "/jobs/0/windows/1",
        nobody({"windows": (window(9, 10), window(30, 31))}),
    ),
    "technician.certificate-expires": (
        "/technicians/0/skills/0/expires",
        day(technicians=[technician(skills=(held(expires=date(2026, 3, 3)),))], end=at(48)),
    ),
    "job.dependency-cycle": (
        "/jobs/0/dependencies",
        day(
            [
                job("J1", dependencies=(Dependency(job="J2"),)),
                job("J2", dependencies=(Dependency(job="J1"),)),
            ]
        ),
    ),
    "outlet.cycle": (
        "/outlets/0/parent",
        day(outlets=(Outlet(id="x", position=spot(), parent="x"),)),
    ),
    "pin.prohibited": ("/jobs/0/pins/0", pinned(to("T1"), prohibited_technicians=("T1",))),
    "pin.not-required": ("/jobs/0/pins/0", pinned(to("T1"), required_technicians=("T2",))),
    "pin.outside-window": ("/jobs/0/pins/0", pinned(to("T1", 9), windows=(window(10, 11),))),
    "pin.outside-day": ("/jobs/0/pins/0", pinned(to("T1", -30))),
    "pin.same-technician": (
        "/jobs/0/pins/1",
        pinned(to("T1"), to("T1", seat=1), crew=PAIR),
    ),
    "pin.no-seat": ("/jobs/0/pins/0/seat", pinned(to("T1", seat=2), crew=PAIR)),
    "pin.clash": (
        "/jobs/1/pins",
        day([job("J1", pins=(to("T1", 9),)), job("J2", pins=(to("T1", 9.5),))]),
    ),
    "speed.clash": (
        "/speeds/1",
        day(
            speeds=(
                Speed(start="07:00", end="09:00", percent=60),
                Speed(start="08:59", end="10:00", percent=80),
                Speed(start="22:00", end="07:00", percent=110),
            )
        ),
    ),
    "pin.crew-times": (
        "/jobs/0/pins",
        pinned(to("T1", 9), to("T2", 10, seat=1), crew=PAIR),
    ),
    "job.nobody.works": (
        "/jobs/0",
        nobody({}, {"absences": (Absence(start=at(0), end=at(24)),)}),
    ),
    "job.nobody.crew": ("/jobs/0", nobody({"crew": PAIR})),
    "job.nobody.before": (
        "/jobs/1/dependencies",
        day([job("J1", needs=needing("gas")), job("J2", dependencies=(Dependency(job="J1"),))]),
    ),
    "job.nobody.pin.technician": (
        "/jobs/0",
        day([job(pins=(to("T1"),))], [technician("T1", shifts=()), OTHER]),
    ),
    "job.nobody.pin.shift": (
        "/jobs/0",
        day(
            [job(pins=(Pin(technician="T1", shift="a"),))],
            [
                technician(
                    shifts=(shift(8, 12, "a"), shift(13, 16, "b")),
                    absences=(Absence(start=at(8), end=at(12)),),
                )
            ],
        ),
    ),
    "job.nobody.technician.required": (
        "/jobs/0",
        day(
            [job(required_technicians=("T2",))],
            [FIRST, technician("T2", shifts=())],
        ),
    ),
    "job.nobody.technician.prohibited": ("/jobs/0", nobody({"prohibited_technicians": ("T1",)})),
    "job.nobody.skill.missing": ("/jobs/0", nobody({"needs": needing("gas")})),
    "job.nobody.skill.level": (
        "/jobs/0",
        nobody({"needs": needing("gas", 4)}, {"skills": (held(level=3),)}),
    ),
    "job.nobody.skill.expired": (
        "/jobs/0",
        nobody({"needs": needing("gas")}, {"skills": (held(expires=date(2026, 3, 1)),)}),
    ),
    "job.nobody.skill.any": (
        "/jobs/0",
        nobody(
            {
                "needs": SkillNeeds(
                    any_of=(NeededSkill(skill="gas"), NeededSkill(skill="power")),
                )
            }
        ),
    ),
    "job.nobody.skill.excluded": (
        "/jobs/0",
        nobody({"needs": SkillNeeds(none_of=("gas",))}, {"skills": (held(),)}),
    ),
    "job.nobody.territory": (
        "/jobs/0",
        nobody(
            {},
            {"territories": ("left",)},
            policy=Policy(territories_hold=True),
        ),
    ),
    "job.nobody.parts": ("/jobs/0", nobody({"parts": {"pump": 2}}, {"capacity": {"pump": 1}})),
    "job.nobody.window": ("/jobs/0", nobody({"windows": (window(17, 18),)})),
    "job.nobody.window.none": ("/jobs/0", nobody({"windows": (window(30, 31),)})),
    "job.nobody.duration": ("/jobs/0", nobody({"duration_s": 9 * 3_600})),
}
WARNINGS = ("technician.", "absence.", "break.", "window.", "job.nobody.")


def codes_in_the_catalogue() -> Iterator[str]:
    """Those that a check of a day can give."""
    text = files(texts).joinpath("en", "planning.toml").read_text("utf-8")
    table = tomllib.loads(text)
    keys = [key.removesuffix(".cause") for key in _flat(table) if key.endswith(".cause")]
    return (key for key in keys if not key.startswith(("plan.", "recommend.")))


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, entry in table.items():
        yield from _flat(entry, f"{prefix}{name}.") if isinstance(entry, dict) else [prefix + name]


def test_a_sound_day_has_no_findings() -> None:
    assert check_day(day([job()])) == ()


@pytest.mark.parametrize("code", DAYS)
def test_each_contradiction_is_found_at_its_place(code: str) -> None:
    pointer, made = DAYS[code]
    found = [finding for finding in check_day(made) if finding.code == code]
    assert [finding.place.pointer for finding in found] == [pointer]
    expected = "warning" if code.startswith(WARNINGS) and code != "technician.no-home" else "error"
    assert found[0].severity == expected
    for lang in texts.LANGUAGES:
        assert "{" not in found[0].cause(lang) + found[0].cure(lang)


def test_every_code_is_provoked() -> None:
    assert set(codes_in_the_catalogue()) == DAYS.keys()


def test_all_is_said_at_once() -> None:
    broken = day([job(site="x", type="y"), job(site="x")], [technician(home=None)])
    codes = sorted(finding.code for finding in check_day(broken))
    assert codes == [
        "day.twice.jobs",
        "day.unknown.job-type",
        "day.unknown.site",
        "day.unknown.site",
        "technician.no-home",
        "technician.no-home",
    ]


def test_what_was_probably_meant_is_named() -> None:
    (finding,) = check_day(nobody({"site": "eats"}))
    assert "east" in finding.cure()


def test_the_nearest_miss_is_the_one_that_lacks_least() -> None:
    staff = [
        technician("far", skills=()),
        replace(technician("near", skills=(held(level=3),)), name="Ana"),
        technician("off", skills=(held(level=1),)),
    ]
    (finding,) = check_day(day([job(needs=needing("gas", 4))], staff))
    assert finding.values == {
        "job": "J1",
        "technician": "near",
        "who": "Ana (near)",
        "skill": "gas",
        "level": 4,
        "has": 3,
    }


def test_a_crew_is_seated_where_only_one_order_works() -> None:
    seats = Crew(seats=(Seat(), Seat(needs=needing("gas"))))
    both, plain = technician("both", skills=(held(),)), technician("plain")
    assert check_day(day([job(crew=seats)], [both, plain])) == ()


def test_each_circle_of_dependencies_is_told_once() -> None:
    after = {"J1": "J2", "J2": "J1", "J3": "J3", "J4": "J3"}
    jobs = [job(name, dependencies=(Dependency(job=before),)) for name, before in after.items()]
    circles = [
        finding.values["circle"] for finding in check_day(day(jobs)) if "cycle" in finding.code
    ]
    assert len(circles) == 2
    assert {"J3 → J3"} < set(circles)


@pytest.mark.parametrize(
    ("hour", "overtime_s", "found"), [(6.9, 0, 1), (7, 0, 0), (16, 0, 1), (16, 1, 0), (15.9, 0, 0)]
)
def test_a_break_may_touch_its_shift(hour: float, overtime_s: int, found: int) -> None:
    worked = shift(breaks=(lunch(hour),), overtime_s=overtime_s)
    codes = [finding.code for finding in check_day(day(technicians=[technician(shifts=(worked,))]))]
    assert codes == ["break.outside"] * found


def test_a_shift_over_midnight_may_end_with_the_day() -> None:
    night = technician(shifts=(shift(20, 28),))
    assert check_day(day(technicians=[night], end=at(0) + timedelta(hours=30))) == ()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(small_days())
def test_every_finding_of_any_day_can_be_said(drawn: Day) -> None:
    for finding in check_day(drawn):
        assert str(finding)
        assert finding.cause("zh") != finding.cause("en")


def test_held_skills_and_people_are_looked_up() -> None:
    strange = Technician(id="T1", home=spot(), skills=(HeldSkill(skill="x"),), shifts=(shift(),))
    (finding,) = check_day(day(technicians=[strange], job_types=(JobType(id="y", duration_s=1),)))
    assert finding.place.pointer == "/technicians/0/skills/0/skill"

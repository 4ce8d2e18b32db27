"""What each value object refuses: every code of this part is provoked here."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from math import inf, nan
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch import texts
from dispatch.domain.clock import localise
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, CrewTiming, Dependency, Job, JobType, Pin, PinLevel, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.position import Position
from dispatch.domain.published import Published
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Site
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NINE = EIGHT + timedelta(hours=1)
NAIVE = EIGHT.replace(tzinfo=None)
MIDDLE = Position(57.7, 11.9)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
PRICES = dict.fromkeys(range(1, 6), 0)


def job(**fields: Any) -> Job:
    return replace(Job(id="J1", type="service", site="harbour"), **fields)


def job_type(**fields: Any) -> JobType:
    return replace(JobType(id="service", duration_s=3_600), **fields)


def technician(**fields: Any) -> Technician:
    return replace(Technician(id="Anna"), **fields)


def shift(**fields: Any) -> Shift:
    return replace(Shift(id="day", start=EIGHT, end=NINE), **fields)


def day(**fields: Any) -> Day:
    return replace(Day(id="monday", zone="UTC", start=EIGHT, end=NINE), **fields)


REFUSED: Mapping[str, tuple[Callable[[], object], ...]] = {
    "position.latitude": (lambda: Position(90.1, 0), lambda: Position(nan, 0)),
    "position.longitude": (lambda: Position(0, -180.1), lambda: Position(0, inf)),
    "value.range": (
        lambda: job(priority=0),
        lambda: job(priority=6),
        lambda: job(duration_s=0),
        lambda: job(duration_s=31 * 86_400 + 1),
        lambda: job(parts={"filter": -1}),
        lambda: job(revenue_minor=-1),
        lambda: job(fee_minor=10**12 + 1),
        lambda: job_type(duration_s=-60),
        lambda: job_type(level_factors={6: 1.0}),
        lambda: job_type(level_factors={5: 0.0}),
        lambda: technician(duration_factor=nan),
        lambda: technician(duration_factor=inf),
        lambda: technician(job_type_factors={"service": 1e308}),
        lambda: technician(capacity={"filter": -1}),
        lambda: technician(wage_minor_per_h=-1),
        lambda: shift(overtime_s=-1),
        lambda: shift(max_jobs=-1),
        lambda: shift(max_travel_s=-1),
        lambda: Break(earliest=EIGHT, latest=NINE, duration_s=-1),
        lambda: HeldSkill(skill="gas", level=0),
        lambda: NeededSkill(skill="gas", min_level=6),
        lambda: Seat(duration_s=0),
        lambda: Crew(seats=()),
        lambda: Crew(seats=(Seat(),) * 9),
        lambda: Pin(technician="Anna", seat=8),
        lambda: Published(technician="Anna", seat=8),
        lambda: Published(technician="Anna", order=-1),
        lambda: Policy(promise_wait_s=-1),
        lambda: Speed(start="07:30", end="09:00", percent=9),
        lambda: technician(work_ahead_s=-31 * 86_400 - 1),
        lambda: Site(id="harbour", position=MIDDLE, setup_s=-1),
        lambda: Policy(wage_minor_per_h=-1),
        lambda: Policy(lateness_minor_per_min={**PRICES, 3: -1}),
        lambda: day(end=EIGHT + timedelta(days=32)),
    ),
    "value.identifier": (
        lambda: job(id=""),
        lambda: job(site=" harbour"),
        lambda: job(type="x" * 121),
        lambda: technician(id="a\nb"),
        lambda: day(id="\x1b[31m"),
    ),
    "value.twice": (
        lambda: technician(shifts=(shift(), shift())),
        lambda: technician(skills=(HeldSkill(skill="gas"), HeldSkill(skill="gas", level=2))),
        lambda: SkillNeeds(none_of=("gas", "gas")),
        lambda: job(pins=(Pin(technician="Anna"), Pin(technician="Bo"))),
        lambda: job(published=(Published(technician="Anna"), Published(technician="Bo"))),
        lambda: job(dependencies=(Dependency(job="J2"), Dependency(job="J2"))),
    ),
    "time.naive": (
        lambda: Window(start=NAIVE, end=NINE),
        lambda: shift(end=NAIVE),
        lambda: Break(earliest=NAIVE, latest=NINE, duration_s=60),
        lambda: Absence(start=NAIVE, end=NINE),
        lambda: job(sla_due=NAIVE),
        lambda: Pin(technician="Anna", level=PinLevel.TIME, start=NAIVE),
        lambda: day(start=NAIVE),
    ),
    "time.year": (lambda: job(sla_due=datetime.max.replace(tzinfo=UTC)),),
    "time.gap": (lambda: localise(datetime(2026, 3, 29, 2, 30), STOCKHOLM),),  # noqa: DTZ001
    "time.fold": (lambda: localise(datetime(2026, 10, 25, 2, 30), STOCKHOLM),),  # noqa: DTZ001
    "window.reversed": (lambda: Window(start=NINE, end=EIGHT),),
    "anchor.id": (
        lambda: Anchor(kind=AnchorKind.OUTLET),
        lambda: Anchor(kind=AnchorKind.SITE),
        lambda: Anchor(kind=AnchorKind.HOME, id="harbour"),
        lambda: Anchor(kind=AnchorKind.OPEN, id="harbour"),
    ),
    "break.reversed": (lambda: Break(earliest=NINE, latest=EIGHT, duration_s=60),),
    "absence.reversed": (lambda: Absence(start=EIGHT, end=EIGHT),),
    "shift.reversed": (lambda: shift(start=NINE, end=EIGHT), lambda: shift(end=EIGHT)),
    "day.reversed": (lambda: day(start=NINE, end=EIGHT),),
    "day.zone": (lambda: day(zone="Europe/Stokholm"), lambda: day(zone="../etc/passwd")),
    "crew.delays": (
        lambda: Crew(
            seats=(Seat(), Seat()), timing=CrewTiming.SEQUENCE, min_delay_s=2, max_delay_s=1
        ),
    ),
    "crew.together-delay": (lambda: Crew(seats=(Seat(), Seat()), max_delay_s=1),),
    "dependency.delays": (lambda: Dependency(job="J2", min_delay_s=2, max_delay_s=1),),
    "pin.order": (
        lambda: Pin(technician="Anna", level=PinLevel.ORDER),
        lambda: Pin(technician="Anna", order=1),
    ),
    "pin.time": (
        lambda: Pin(technician="Anna", level=PinLevel.TIME),
        lambda: Pin(technician="Anna", start=EIGHT),
    ),
    "published.promise": (
        lambda: Published(technician="Anna", start=EIGHT),
        lambda: Published(technician="Anna", end=EIGHT),
    ),
    "published.reversed": (lambda: Published(technician="Anna", start=NINE, end=EIGHT),),
    "speed.clock": (
        lambda: Speed(start="7:30", end="09:00", percent=50),
        lambda: Speed(start="07:30", end="24:01", percent=50),
    ),
    "speed.empty": (lambda: Speed(start="07:30", end="07:30", percent=50),),
    "policy.currency": (lambda: Policy(currency="euro"), lambda: Policy(currency="€€€")),
    "policy.priorities": (
        lambda: Policy(unserved_minor={1: 5}),
        lambda: Policy(lateness_minor_per_min={**PRICES, 6: 1}),
    ),
}
CASES = [
    pytest.param(code, make, id=f"{code}-{number}")
    for code, makes in REFUSED.items()
    for number, make in enumerate(makes)
]


def codes(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every code below a table of the catalogue."""
    for name, below in table.items():
        code = f"{prefix}.{name}".strip(".")
        if "cause" in below:
            yield code
        else:
            yield from codes(below, code)


@pytest.mark.parametrize(("code", "make"), CASES)
def test_what_no_value_can_be_is_refused_by_its_code(code: str, make: Callable[[], object]) -> None:
    with pytest.raises(InvalidValue) as refused:
        make()
    finding = refused.value.finding()
    assert finding.code == code
    for lang in texts.LANGUAGES:
        assert finding.cause(lang) != finding.cure(lang)


def test_every_code_is_provoked() -> None:
    catalogue = tomllib.loads(files(texts).joinpath("en", "domain.toml").read_text("utf-8"))
    assert set(REFUSED) == set(codes(catalogue))


@pytest.mark.parametrize("value", [job(), technician(), shift(), day(), Policy(), MIDDLE], ids=repr)
def test_no_value_can_be_changed(value: object) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(value.__dataclass_fields__)), None)  # type: ignore[attr-defined]

"""Every reason, provoked."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.drawn import busy_days
from tests.planning.made import Board, at, day, held, job, shift, technician, window

from dispatch import texts
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Dependency, Job, Pin, PinLevel, Seat
from dispatch.domain.plan import Reason
from dispatch.domain.policy import PRIORITIES, Policy
from dispatch.domain.shift import Absence, Break
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.explain import explain
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.greedy import Greedy

GAS = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=4),))
TWO = Crew(seats=(Seat(), Seat()))
CHEAP = Policy(
    wage_minor_per_h=3_600, unserved_minor=dict.fromkeys(PRIORITIES, 100), mandatory_minor=10**6
)
FIRST = job("J1", mandatory=True)


def left_out(**more: Any) -> Job:
    """The job that is asked about."""
    return job("J2", **({"priority": 5} | more))


def reasons(made: Day, *, idle: bool = False) -> dict[str, tuple[Reason, ...]]:
    """Of every job that regret insertion leaves out; ``idle`` leaves out all of them."""
    compiled = compile_day(made, Board())
    result = Result(status=Status.FAILED, solution=None)
    if not idle:
        result = Greedy().solve(compiled.problem, Stop(seconds=60))
    return {entry.job: entry.reasons for entry in explain(compiled, decode(compiled, result))}


def two(first: dict[str, Any], second: dict[str, Any], **person: Any) -> Day:
    """One technician and two jobs, of which the second has no room."""
    jobs = [job("J1", **({"mandatory": True} | first)), left_out(**second)]
    return day(jobs, [technician(**person)])


def one(wanted: dict[str, Any], **person: Any) -> Day:
    """One technician and one job they cannot do."""
    return day([left_out(**wanted)], [technician(**person)])


def pinned(order: int) -> tuple[Pin, ...]:
    return (Pin(technician="T1", level=PinLevel.ORDER, order=order),)


HOURS_4 = 4 * 3_600
REASONS: dict[str, tuple[Day, str]] = {
    "shift.none": (one({}, shifts=()), "job.nobody-works"),
    "shift.away": (one({}, absences=(Absence(start=at(0), end=at(24)),)), "job.nobody-works"),
    "pin.technician": (
        day([left_out(pins=(Pin(technician="T2"),))], [technician(), technician("T2", shifts=())]),
        "job.held",
    ),
    "pin.shift": (
        one(
            {"pins": (Pin(technician="T1", shift="a"),)},
            shifts=(shift(8, 12, "a"), shift(13, 16, "b")),
            absences=(Absence(start=at(8), end=at(12)),),
        ),
        "job.held",
    ),
    "technician.required": (
        day(
            [left_out(required_technicians=("T2",))],
            [technician(), technician("T2", shifts=())],
        ),
        "job.held",
    ),
    "technician.prohibited": (one({"prohibited_technicians": ("T1",)}), "job.held"),
    "skill.missing": (one({"needs": GAS}), "job.skill"),
    "skill.level": (one({"needs": GAS}, skills=(held(level=3),)), "job.skill"),
    "skill.expired": (
        one({"needs": GAS}, skills=(held(level=4, expires=date(2026, 3, 1)),)),
        "job.skill",
    ),
    "skill.any": (
        one(
            {
                "needs": SkillNeeds(
                    any_of=(NeededSkill(skill="gas"), NeededSkill(skill="power")),
                )
            }
        ),
        "job.skill",
    ),
    "skill.excluded": (one({"needs": SkillNeeds(none_of=("gas",))}, skills=(held(),)), "job.skill"),
    "territory": (
        day(
            [left_out()],
            [technician(territories=("left",))],
            policy=Policy(territories_hold=True),
        ),
        "job.area",
    ),
    "parts": (one({"parts": {"pump": 2}}, capacity={"pump": 1}), "job.parts"),
    "window": (one({"windows": (window(17, 18),)}), "job.time"),
    "window.none": (one({"windows": (window(30, 31),)}), "job.time"),
    "duration": (one({"duration_s": 9 * 3_600}), "job.time"),
    "travel.window": (one({"site": "far", "windows": (window(8, 9),)}), "job.far"),
    "travel.shift": (one({"site": "far", "duration_s": 5 * 3_600}), "job.far"),
    "travel.most": (one({}, shifts=(shift(max_travel_s=600),)), "job.far"),
    "route.window": (
        two({"windows": (window(9, 9),)}, {"windows": (window(9, 9.1),)}),
        "job.busy",
    ),
    "route.next-window": (
        two({"windows": (window(9, 9),)}, {"windows": (window(8.5, 8.5),)}),
        "job.busy",
    ),
    "route.shift": (two({"duration_s": 7 * 3_600}, {}), "job.busy"),
    "route.break": (
        two(
            {"windows": (window(14, 14),)},
            {"windows": (window(11.75, 11.75),)},
            shifts=(shift(breaks=(Break(earliest=at(12), latest=at(12), duration_s=3_600),)),),
        ),
        "job.busy",
    ),
    "route.tied": (
        day(
            [
                job("J1", crew=TWO, mandatory=True, windows=(window(8, 9),)),
                job(
                    "J3",
                    mandatory=True,
                    required_technicians=("T2",),
                    windows=(window(9.2, 9.2),),
                ),
                left_out(
                    duration_s=1_800,
                    windows=(window(8, 8.17),),
                    prohibited_technicians=("T2",),
                ),
            ],
            [technician(), technician("T2")],
        ),
        "job.busy",
    ),
    "route.order": (
        two(
            {"windows": (window(12, 12),), "pins": pinned(1)},
            {"windows": (window(9, 10),), "pins": pinned(2)},
        ),
        "job.busy",
    ),
    "route.max-jobs": (two({}, {}, shifts=(shift(max_jobs=1),)), "job.busy"),
    "route.max-travel": (
        two({}, {"site": "west"}, shifts=(shift(max_travel_s=1_200),)),
        "job.busy",
    ),
    "route.parts": (
        two({"parts": {"pump": 1}}, {"parts": {"pump": 1}}, capacity={"pump": 1}),
        "job.busy",
    ),
    "cost": (day([FIRST, left_out(site="west")], policy=CHEAP), "job.worth"),
    "free": (
        day([job("J1", duration_s=6 * 3_600, mandatory=True), left_out(crew=TWO)], [technician()]),
        "job.crew",
    ),
}
"""By the code of the first technician's reason: a day, and the code that sums it up."""


ON_A_BOARD = {"route.broken", "route.held", "visit.held", "visit.waits", "visit.awaited"}
"""See test_broken_routes.py and test_waiting.py; for what stands against a change of a published
day, see test_publish.py."""


@pytest.mark.parametrize("code", REASONS)
def test_each_rule_that_fails_is_told(code: str) -> None:
    made, summary = REASONS[code]
    found = reasons(made)["J2"]
    assert found[0].code == summary
    assert found[0].technician is None
    assert code in [reason.code for reason in found if reason.technician == "T1"]
    assert_can_be_said(found)


def assert_can_be_said(found: Sequence[Reason]) -> None:
    for lang in texts.LANGUAGES:
        assert texts.say(f"reason.{found[0].code}.customer", lang, **found[0].values)
        for reason in found:
            assert "{" not in texts.say(f"reason.{reason.code}", lang, **reason.values)


def test_every_reason_is_provoked() -> None:
    table = tomllib.loads(files(texts).joinpath("en", "planning.toml").read_text("utf-8"))
    codes = {key.removeprefix("reason.") for key in table if key.startswith("reason.")}
    codes = {code for code in codes - ON_A_BOARD if not code.startswith("change.")}
    plain = {code for code in codes if not code.startswith("job.")}
    assert plain == REASONS.keys() | {"possible"}
    summaries = {code.removesuffix(".customer") for code in codes - plain}
    assert summaries == {summary for _, summary in REASONS.values()} | {
        "job.before",
        "job.possible",
    }


def test_minutes_say_how_much_is_missing() -> None:
    found = reasons(REASONS["route.next-window"][0])["J2"]
    assert found[1].values == {"minutes": 30, "job": "J1"}
    found = reasons(REASONS["route.shift"][0])["J2"]
    assert found[1].values == {"minutes": 20}


def test_a_job_that_costs_more_than_it_is_worth_says_both() -> None:
    found = reasons(REASONS["cost"][0])["J2"]
    assert found[1].values == {"extra": "53.40 EUR", "worth": "1.00 EUR"}
    assert found[0].values.items() >= found[1].values.items()


def test_a_job_after_one_that_is_left_out_says_so() -> None:
    after = job("J3", dependencies=(Dependency(job="J2"),))
    found = reasons(day([left_out(needs=GAS), after]))["J3"]
    assert (found[0].code, found[0].values) == ("job.before", {"before": "J2"})
    assert [reason.code for reason in found[1:]] == ["free"]


def test_a_job_that_the_search_did_not_place_says_there_is_room() -> None:
    found = reasons(day([left_out()]), idle=True)["J2"]
    assert [reason.code for reason in found] == ["job.possible", "possible"]


def test_a_crew_that_could_be_placed_says_at_what_price() -> None:
    staff = [technician(), technician("T2")]
    found = reasons(day([left_out(crew=TWO)], staff), idle=True)["J2"]
    assert [reason.code for reason in found] == ["job.possible", "free", "free"]
    assert found[0].values["extra"] == "106.80 EUR"
    found = reasons(day([left_out(crew=TWO)], staff, policy=CHEAP))["J2"]
    assert found[0].code == "job.worth"


def test_those_who_came_nearest_come_first() -> None:
    staff = [
        technician("none", shifts=()),
        technician("unskilled"),
        technician("late", skills=(held(level=4),), shifts=(shift(12, 16),)),
        technician("low", skills=(held(level=3),)),
    ]
    found = reasons(day([left_out(needs=GAS, windows=(window(8, 9),))], staff))["J2"]
    assert [reason.technician for reason in found[1:]] == ["late", "low", "unskilled", "none"]
    assert found[0].code == "job.time"
    assert found[0].values == {"people": 1, "nearest": "late"}


def test_the_best_of_several_shifts_and_seats_counts() -> None:
    crew = Crew(seats=(Seat(needs=GAS), Seat(needs=SkillNeeds())))
    person = technician(shifts=(shift(8, 9, "short"), shift(10, 16, "long")))
    found = reasons(day([left_out(crew=crew)], [person]))["J2"]
    assert [reason.code for reason in found] == ["job.crew", "free"]


def test_progress_is_told_job_by_job() -> None:
    compiled = compile_day(day([job("J1"), job("J2")]), Board())
    plan = decode(compiled, Result(status=Status.FAILED, solution=None))
    told: list[float] = []
    explain(compiled, plan, told.append)
    assert told == [0.5, 1.0]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_every_job_left_out_of_any_day_has_its_reasons(drawn: Day) -> None:
    staff = sorted(person.id for person in drawn.technicians)
    for found in reasons(drawn).values():
        assert sorted(str(reason.technician) for reason in found[1:]) == staff
        assert_can_be_said(found)

"""Who should take a job: the price of each way is that of the plan with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.planning.drawn import busy_days
from tests.planning.made import Board, at, day, job, shift, technician, window

from dispatch import texts
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Dependency, Seat
from dispatch.domain.plan import Plan, Unassigned
from dispatch.errors import InvalidInput
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.decode import decode
from dispatch.planning.recommend import Recommendation, recommend
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy

TWO = Crew(seats=(Seat(), Seat()))


def planned(made: Day) -> tuple[Compiled, Plan]:
    compiled = compile_day(made, Board())
    return compiled, decode(compiled, Greedy().solve(compiled.problem, Stop(seconds=60)))


def found(made: Day, name: str = "J1", **more: Any) -> Recommendation:
    return recommend(*planned(made), name, **more)


def test_the_nearest_comes_first_with_what_it_adds() -> None:
    people = [
        technician("T1", skills=()),
        technician("T2", home=replace(day().sites[2].position)),
    ]
    result = found(day([job("J1")], people))
    first, second = result.candidates
    (place,) = first.places
    assert (place.technician, place.shift, place.after) == ("T1", "day", None)
    assert place.start == place.arrive
    assert first.travel_s == 20 * 60
    assert first.duration_s == 3_600 + 20 * 60
    assert first.cost_minor < second.cost_minor
    assert second.places[0].technician == "T2"
    assert second.travel_s == 2 * 90 * 60
    assert result.reasons == ()


def test_it_says_after_which_job_and_when() -> None:
    result = found(day([job("J1", windows=(window(12, 13),)), job("J2", windows=(window(9, 9),))]))
    (place,) = result.candidates[0].places
    assert place.after == "J2"
    assert place.start == at(12)
    assert result.candidates[0].travel_s == 0


def test_those_who_cannot_are_told_why() -> None:
    people = [technician("T1"), technician("T2", shifts=())]
    result = found(day([job("J1", prohibited_technicians=("T1",))], people))
    assert result.candidates == ()
    assert result.possible == 0
    reasons = {reason.technician: reason.code for reason in result.reasons}
    assert reasons == {"T1": "technician.prohibited", "T2": "shift.none"}


def test_a_technician_with_two_shifts_is_one_candidate() -> None:
    person = technician(shifts=(shift(8, 12, "early"), shift(13, 17, "late")))
    result = found(day([job("J1", windows=(window(14, 15),))], [person]))
    assert result.possible == 1
    assert [place.shift for place in result.candidates[0].places] == ["late"]


def test_only_as_many_as_asked_for_are_worked_out() -> None:
    people = [technician(name) for name in ("T1", "T2", "T3")]
    result = found(day([job("J1")], people), most=2)
    assert len(result.candidates) == 2
    assert result.possible == 3


def test_a_crew_is_named_whole() -> None:
    people = [technician(name) for name in ("T1", "T2", "T3")]
    result = found(day([job("J1", crew=TWO)], people))
    assert result.possible == 3
    for candidate in result.candidates:
        one, two = candidate.places
        assert one.technician != two.technician
        assert one.start == two.start
        assert candidate.travel_s == 2 * 20 * 60


def test_a_job_waits_for_the_one_it_depends_on() -> None:
    made = day([job("J1", dependencies=(Dependency(job="J2"),)), job("J2", duration_s=20 * 3_600)])
    assert found(made).candidates == ()


def test_a_job_that_others_depend_on_cannot_just_be_taken_off() -> None:
    made = day([job("J1"), job("J2", dependencies=(Dependency(job="J1"),))])
    with pytest.raises(InvalidInput) as caught:
        found(made)
    (finding,) = caught.value.findings
    assert finding.code == "recommend.broken"
    assert finding.values["rules"] == "unmet-link"
    assert all(finding.cause(lang) and finding.cure(lang) for lang in texts.LANGUAGES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days(), st.data())
def test_everybody_is_a_candidate_or_has_a_reason(made: Day, data: st.DataObject) -> None:
    compiled, plan = planned(made)
    name = data.draw(st.sampled_from([entry.id for entry in made.jobs]))
    try:
        result = recommend(compiled, plan, name, most=100)
    except InvalidInput:
        event("others depend on it")
        return
    able = {candidate.places[0].technician for candidate in result.candidates}
    unable = {reason.technician for reason in result.reasons}
    assert able.isdisjoint(unable)
    assert able | unable == {person.id for person in made.technicians}
    costs = [candidate.cost_minor for candidate in result.candidates]
    assert costs == sorted(costs)
    taken = {visit.job for route in plan.routes for visit in route.visits}
    assert name not in taken or result.candidates
    again = replace(plan, unassigned=(*plan.unassigned, Unassigned(job=name)))
    assert recommend(compiled, again, name, most=100) == result

"""Faults of who does what: skills, wishes, territories, crews, pins, parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.planning.faults.edits import Case
from tests.planning.faults.planting import plants
from tests.planning.faults.sound import at

from dispatch.domain.job import Crew, Pin, PinLevel, Seat
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds

GAS = HeldSkill(skill="gas", level=4)
LIFT = HeldSkill(skill="lift", level=2)


@plants("skill.missing")
def a_skill_that_nobody_taught(case: Case) -> Case:
    return case.with_technician("ann", skills=(GAS,))


@plants("skill.missing")
def a_skill_that_only_the_seat_needs(case: Case) -> Case:
    needs = SkillNeeds(all_of=(NeededSkill(skill="welding"),))
    return case.with_type("lift", crew=Crew(seats=(Seat(), Seat(duration_s=1_800, needs=needs))))


@plants("skill.level", skill="gas", level=5, found=4)
def a_level_too_low(case: Case) -> Case:
    needs = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=5),))
    return case.with_job("J4", needs=needs)


@plants("skill.expired")
def a_certificate_that_expired_the_day_before(case: Case) -> Case:
    return case.with_technician("ann", skills=(replace(GAS, expires=date(2026, 3, 2)), LIFT))


@plants("skill.any")
def none_of_the_skills_that_would_do(case: Case) -> Case:
    return case.with_type("check", needs=SkillNeeds(any_of=(NeededSkill(skill="welding"),)))


@plants("skill.any", skills="welding")
def one_of_the_skills_of_the_type_but_none_of_those_of_the_job(case: Case) -> Case:
    return case.with_job("J8", needs=SkillNeeds(any_of=(NeededSkill(skill="welding"),)))


@plants("skill.any")
def only_an_expired_one_of_the_skills_that_would_do(case: Case) -> Case:
    expired = HeldSkill(skill="lift", expires=date(2026, 3, 2))
    return case.with_technician("bo", skills=(expired,))


@plants("skill.excluded")
def a_skill_that_rules_a_technician_out(case: Case) -> Case:
    return case.with_technician("bo", skills=(LIFT, HeldSkill(skill="apprentice")))


@plants("technician.not-required")
def not_the_technician_required(case: Case) -> Case:
    return case.with_job("J4", required_technicians=("dee",))


@plants("technician.prohibited")
def a_technician_kept_away(case: Case) -> Case:
    return case.with_job("J6", prohibited_technicians=("bo", "dee"))


@plants("territory.foreign", territory="south")
def a_foreign_territory_where_they_hold(case: Case) -> Case:
    return case.with_policy(territories_hold=True)


@plants("crew.same-technician", "route.overlap")
def one_technician_in_two_seats(case: Case) -> Case:
    extra = replace(case.day.technicians_by_id["cem"].shifts[0], id="extra")
    return case.with_more_shifts("ann", extra).with_route(
        "cem", "day", technician="ann", shift="extra"
    )


@plants("crew.together", by_s=60)
def a_crew_out_of_step(case: Case) -> Case:
    start, end = at("11:01"), at("11:41")
    return case.with_visit("J3", 1, arrive=start, start=start, end=end).with_route(
        "cem", "day", depart=start, finish=end
    )


@plants("crew.delay", found_s=4_680, least_s=4_681)
def the_second_half_too_soon(case: Case) -> Case:
    crew = case.day.job_types_by_id["inspection"].crew
    assert crew is not None
    return case.with_type("inspection", crew=replace(crew, min_delay_s=78 * 60 + 1))


@plants("crew.delay", found_s=4_680, most_s=4_679)
def the_second_half_too_late(case: Case) -> Case:
    crew = case.day.job_types_by_id["inspection"].crew
    assert crew is not None
    return case.with_type("inspection", crew=replace(crew, max_delay_s=78 * 60 - 1))


@plants("pin.technician", pinned="dee")
def not_the_technician_pinned(case: Case) -> Case:
    return case.with_job("J6", pins=(Pin(technician="dee"),))


@plants("pin.technician")
def not_the_technician_pinned_to_the_second_seat(case: Case) -> Case:
    return case.with_job("J5", pins=(Pin(technician="dee", seat=1),))


@plants("pin.shift", pinned="late")
def not_the_shift_pinned(case: Case) -> Case:
    return case.with_job("J8", pins=(Pin(technician="bo", shift="late"),))


@plants("pin.order", before="J1")
def not_the_order_pinned(case: Case) -> Case:
    return case.with_job("J1", pins=(Pin(technician="ann", level=PinLevel.ORDER, order=2),))


@plants("pin.time", by_s=1)
def not_the_time_pinned(case: Case) -> Case:
    pin = Pin(technician="ann", level=PinLevel.TIME, start=at("10:59:59"))
    return case.with_job("J3", pins=(pin,))


@plants("parts.capacity", part="filter", carried=1, found=2)
def more_parts_than_the_van_carries(case: Case) -> Case:
    return case.with_technician("ann", capacity={"filter": 1})


@plants("parts.capacity")
def parts_of_a_job_that_the_van_is_not_made_for(case: Case) -> Case:
    return case.with_job("J6", parts={"boiler": 1})


@plants("crew.together", by_s=60)
def a_crew_out_of_step_the_other_way_round(case: Case) -> Case:
    start, end = at("10:59"), at("11:39")
    return case.with_visit("J3", 1, arrive=start, start=start, end=end).with_route(
        "cem", "day", depart=start, finish=end
    )


@plants("pin.time", by_s=1)
def a_time_pinned_too_late(case: Case) -> Case:
    pin = Pin(technician="ann", level=PinLevel.TIME, start=at("11:00:01"))
    return case.with_job("J3", pins=(pin,))

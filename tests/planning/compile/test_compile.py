from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.planning.made import (
    REPAIR,
    SITES,
    ZONE,
    Board,
    at,
    compiled,
    day,
    held,
    job,
    shift,
    spot,
    technician,
    window,
)

from dispatch.domain.clock import elapsed_s, localise
from dispatch.domain.job import Crew, CrewTiming, Dependency, Job, Pin, PinLevel, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.window import WindowKind
from dispatch.errors import Refused
from dispatch.planning.compile import compile_day
from dispatch.planning.score import unserved_minor
from dispatch.solver.problem import COST_SCALE, NEVER, OPEN

HOUR = 3_600
HUB = Outlet(id="hub", position=spot(0, 5))


def test_a_shift_from_a_home_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        compiled(day([job()], [technician(home=None)]))
    assert refused.value.code == "technician.no-home"
    assert refused.value.values == {"technician": "T1", "shift": "day"}


def test_places_are_named_once() -> None:
    anchors = {
        "start_at": Anchor(kind=AnchorKind.OUTLET, id="hub"),
        "end_at": Anchor(kind=AnchorKind.OPEN),
    }
    staff = [technician("T1"), technician("T2", shifts=(shift(**anchors),))]
    made = compiled(day([job("J1"), job("J2"), job("J3", site="west")], staff, outlets=(HUB,)))
    names = [place.id for place in made.places.all]
    assert names == ["site:east", "site:west", "home:T1", "outlet:hub"]
    assert made.problem.visits.place.tolist() == [0, 0, 1]
    assert made.problem.vehicles.start_place.tolist() == [2, 3]
    assert made.problem.vehicles.end_place.tolist() == [2, OPEN]
    assert made.problem.travel_s[0, 0, 1] == 20 * 60
    assert made.problem.distance_m[0, 0, 1] == 12_000


def test_each_profile_has_its_matrix() -> None:
    made = compiled(day([job()], [technician("T1"), technician("T2", profile="bicycle")]))
    assert made.problem.vehicles.profile.tolist() == [0, 1]
    assert made.problem.travel_s[1].tolist() == (3 * made.problem.travel_s[0]).tolist()


def test_prices_are_cost_units_for_each_second_metre_and_time() -> None:
    policy = Policy(
        travel_minor_per_h=700,
        travel_minor_per_km=45,
        wage_minor_per_h=3_000,
        overtime_minor_per_h=1_500,
        shift_used_minor=900,
        preferred_window_minor_per_min=20,
        worst_lateness_minor_per_min=7,
    )
    problem = compiled(day([job(sla_due=at(9), priority=2)], policy=policy)).problem
    vehicles, visits = problem.vehicles, problem.visits
    assert HOUR * vehicles.travel_price[0] == 700 * COST_SCALE
    assert 1_000 * vehicles.distance_price[0] == 45 * COST_SCALE
    assert HOUR * vehicles.time_price[0] == 3_000 * COST_SCALE
    assert HOUR * vehicles.overtime_price[0] == 1_500 * COST_SCALE
    assert vehicles.use_price[0] == 900 * COST_SCALE
    assert 60 * visits.lateness_price[0] == policy.lateness_minor_per_min[2] * COST_SCALE
    assert 60 * visits.preferred_price[0] == 20 * COST_SCALE
    assert 60 * problem.worst_lateness_price == 7 * COST_SCALE


def test_wages_are_the_technicians_own_and_none_for_contractors() -> None:
    staff = [
        technician("T1"),
        technician("T2", wage_minor_per_h=7_200),
        technician("T3", contractor=True),
        technician("T4", contractor=True, wage_minor_per_h=36),
    ]
    prices = compiled(day([job()], staff)).problem.vehicles.time_price
    assert (HOUR * prices // COST_SCALE).tolist() == [3_600, 7_200, 0, 36]


def test_leaving_a_job_out_costs_its_priority_and_revenue() -> None:
    jobs = [
        job("J1", priority=1, revenue_minor=5),
        job("J2", priority=5),
        job("J3", mandatory=True, revenue_minor=5),
    ]
    made = day(jobs)
    expected = [200_005, 25_000, 10_000_000]
    assert [unserved_minor(made, entry) for entry in jobs] == expected
    found = compiled(made).problem.unserved_price // COST_SCALE
    assert found.tolist() == expected


def test_monstrous_prices_are_cut_where_sums_stay_exact() -> None:
    made = day([job(mandatory=True)], policy=Policy(mandatory_minor=10**12))
    assert compiled(made).problem.unserved_price.tolist() == [2**50]


def test_preferences_and_fees_are_prices_of_the_pair() -> None:
    staff = [technician("T1", visit_minor=100), technician("T2")]
    made = day([job(preferred_technicians=("T1",))], staff)
    prices = compiled(made).problem.visits.assign_price // COST_SCALE
    assert prices.tolist() == [[100, made.policy.not_preferred_technician_minor]]


def test_a_due_before_the_day_is_charged_to_whoever_comes() -> None:
    problem = compiled(day([job(sla_due=at(-1))])).problem
    hour_late = 60 * Policy().lateness_minor_per_min[3] * COST_SCALE
    assert problem.visits.due_s.tolist() == [0]
    assert problem.visits.assign_price.tolist() == [[hour_late]]


def test_shifts_are_vehicles_with_their_limits() -> None:
    own = shift(overtime_s=HOUR, max_jobs=3, max_travel_s=900)
    vehicles = compiled(
        day([job()], [technician(shifts=(own, shift(18, 20, "late")))])
    ).problem.vehicles
    assert vehicles.owner.tolist() == [0, 0]
    assert vehicles.earliest_s.tolist() == [8 * HOUR, 18 * HOUR]
    assert vehicles.end_s.tolist() == [16 * HOUR, 20 * HOUR]
    assert vehicles.latest_s.tolist() == [17 * HOUR, 20 * HOUR]
    assert vehicles.max_visits.tolist() == [3, NEVER]
    assert vehicles.max_travel_s.tolist() == [900, NEVER]


def test_breaks_and_absences_are_breaks_of_the_vehicle() -> None:
    lunch = Break(earliest=at(11), latest=at(13), duration_s=1_800)
    person = technician(
        shifts=(shift(breaks=(lunch,)),), absences=(Absence(start=at(9), end=at(10)),)
    )
    breaks = compiled(day([job()], [technician("T0"), person])).problem.breaks
    assert breaks.vehicle.tolist() == [1, 1]
    assert breaks.earliest_s.tolist() == [9 * HOUR, 11 * HOUR]
    assert breaks.latest_s.tolist() == [9 * HOUR, 13 * HOUR]
    assert breaks.duration_s.tolist() == [HOUR, 1_800]


def test_windows_are_hard_or_preferred() -> None:
    jobs = [
        job("J1", windows=(window(14, 15), window(9, 10), window(8, 9, WindowKind.PREFERRED))),
        job("J2"),
    ]
    visits = compiled(day(jobs)).problem.visits
    assert visits.windows.offset.tolist() == [0, 2, 3]
    assert visits.windows.start_s.tolist() == [9 * HOUR, 14 * HOUR, 0]
    assert visits.windows.end_s.tolist() == [10 * HOUR, 15 * HOUR, 24 * HOUR]
    assert visits.preferred.offset.tolist() == [0, 1, 1]


def test_a_job_that_nobody_may_do_stays_in_the_problem() -> None:
    problem = compiled(day([job(prohibited_technicians=("T1",)), job("J2")])).problem
    assert problem.visits.allowed.tolist() == [[False], [True]]
    lost = compiled(day([job(windows=(window(30, 31),))])).problem
    assert lost.visits.allowed.tolist() == [[False]]


def test_parts_are_dimensions_of_the_first_seat() -> None:
    crew = Crew(seats=(Seat(), Seat()))
    staff = [technician("T1", capacity={"pump": 2}), technician("T2", capacity={"nail": 9})]
    problem = compiled(day([job(crew=crew, parts={"pump": 1})], staff)).problem
    assert problem.vehicles.capacity.tolist() == [[2], [0]]
    assert problem.visits.load.tolist() == [[1], [0]]


def links(jobs: list[Job]) -> list[tuple[int, int, bool, int, int]]:
    found = compiled(day(jobs, [technician("T1"), technician("T2")])).problem.links
    columns = (found.before, found.after, found.from_end, found.min_delay_s, found.max_delay_s)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_crew_that_works_together_starts_at_once() -> None:
    crew = Crew(seats=(Seat(), Seat(), Seat()))
    assert links([job(crew=crew)]) == [(0, 1, False, 0, 0), (0, 2, False, 0, 0)]


def test_a_crew_in_sequence_follows_seat_by_seat() -> None:
    crew = Crew(
        seats=(Seat(), Seat(), Seat()),
        timing=CrewTiming.SEQUENCE,
        min_delay_s=60,
        max_delay_s=600,
    )
    assert links([job(crew=crew)]) == [(0, 1, False, 60, 600), (1, 2, False, 60, 600)]


def test_a_dependency_waits_for_every_seat() -> None:
    crew = Crew(seats=(Seat(duration_s=7_200), Seat()))
    after = job("J2", dependencies=(Dependency(job="J1", min_delay_s=60),))
    assert links([job("J1", crew=crew), after]) == [
        (0, 1, False, 0, 0),
        (0, 2, True, 60, NEVER),
        (1, 2, True, 60, NEVER),
    ]


def test_the_longest_delay_counts_from_the_seat_that_ends_last() -> None:
    together = Crew(seats=(Seat(duration_s=60), Seat()))
    after = job("J2", dependencies=(Dependency(job="J1", max_delay_s=600),), crew=together)
    dependent = [link for link in links([job("J1", crew=together), after]) if link[2]]
    assert [link[4] for link in dependent] == [NEVER, NEVER, 600, NEVER]
    assert dependent[2][:2] == (1, 2)


def test_pins_hold_technician_order_and_time() -> None:
    jobs = [
        job("J1", pins=(Pin(technician="T2"),)),
        job("J2", pins=(Pin(technician="T1", level=PinLevel.ORDER, order=4),)),
        job("J3", pins=(Pin(technician="T1", level=PinLevel.TIME, start=at(9)),)),
    ]
    visits = compiled(day(jobs, [technician("T1"), technician("T2")])).problem.visits
    assert visits.allowed.tolist() == [[False, True], [True, False], [True, False]]
    assert visits.rank.tolist() == [-1, 4, -1]
    assert visits.windows.start_s[2] == visits.windows.end_s[2] == 9 * HOUR


def test_a_shift_over_a_change_of_the_clocks_is_as_long_as_it_really_is() -> None:
    zone = ZoneInfo(ZONE)

    def wall(hour: int) -> datetime:
        midnight = datetime(2026, 3, 29)  # noqa: DTZ001 - a wall clock
        return localise(midnight + timedelta(hours=hour), zone)

    night = Shift(id="night", start=wall(0), end=wall(6))
    made = compiled(day([job()], [technician(shifts=(night,))], start=wall(0), end=wall(24)))
    assert elapsed_s(wall(0), wall(24)) == made.horizon.end_s == 23 * HOUR
    assert made.problem.vehicles.end_s.tolist() == [5 * HOUR]
    assert made.horizon.moment(5 * HOUR) == wall(6)


def test_days_without_jobs_or_people_are_problems_too() -> None:
    assert compiled(day()).problem.visit_count == 0
    lonely = compiled(day([job()], [])).problem
    assert (lonely.visit_count, lonely.vehicle_count) == (1, 0)
    assert lonely.visits.allowed.shape == (1, 0)


def test_progress_is_told_over_all_profiles() -> None:
    told: list[float] = []
    staff = [technician("T1"), technician("T2", profile="bicycle")]
    compile_day(day([job()], staff), Board(), progress=told.append)
    assert told == [0.5, 1.0]


def test_durations_follow_the_factors() -> None:
    slow = technician("T1", duration_factor=1.2, job_type_factors={"repair": 0.5})
    durations = compiled(day([job()], [slow, technician("T2")])).problem.visits.duration_s
    assert durations.tolist() == [[2_160, 3_600]]
    assert np.issubdtype(durations.dtype, np.integer)


def test_durations_follow_the_level_in_the_first_skill_needed() -> None:
    needs = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=2), NeededSkill(skill="power")))
    quick = replace(REPAIR, needs=needs, level_factors={5: 0.5, 3: 0.9})
    staff = [
        technician("T1", skills=(held("gas", 5), held("power", 3))),
        technician("T2", skills=(held("gas", 3), held("power", 5))),
        technician("T3", skills=(held("gas", 2), held("power", 5))),
    ]
    durations = compiled(day([job()], staff, job_types=(quick,))).problem.visits.duration_s
    assert durations.tolist() == [[1_800, 3_240, 3_600]]


def test_set_up_comes_from_the_site() -> None:
    sites = (replace(SITES[0], setup_s=240), *SITES[1:])
    assert compiled(day([job()], sites=sites)).problem.visits.setup_s.tolist() == [240]

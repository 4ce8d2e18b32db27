"""Faults of travel: legs, their times and their ends."""

from __future__ import annotations

from tests.planning.faults.edits import Case
from tests.planning.faults.planting import plants
from tests.planning.faults.sound import at

from dispatch.domain.plan import Leg


@plants("leg.missing")
def no_way_home(case: Case) -> Case:
    return case.with_legs("ann", "day", *case.route("ann", "day").legs[:-1])


@plants("leg.unexpected")
def a_way_home_from_an_open_end(case: Case) -> Case:
    home = Leg(
        origin="site:s2",
        destination="home",
        depart=at("11:40"),
        arrive=at("11:40"),
        travel_s=0,
        distance_m=0,
    )
    return case.with_legs("cem", "day", home)


@plants("leg.place", destination="site:s3", found_destination="site:s6")
def a_leg_to_another_site(case: Case) -> Case:
    return case.with_leg("ann", "day", 3, destination="site:s6")


@plants("leg.place")
def a_start_at_home_instead_of_the_outlet(case: Case) -> Case:
    return case.with_leg("bo", "early", 0, origin="home")


@plants("leg.depart", "leg.too-slow", by_s=1)
def leaving_before_the_visit_is_over(case: Case) -> Case:
    return case.with_leg("ann", "day", 5, depart=at("14:21:59"))


@plants("leg.arrival", by_s=240)
def an_arrival_that_two_tell_differently(case: Case) -> Case:
    return case.with_visit("J3", arrive=at("10:40"))


@plants("leg.too-fast", by_s=1, origin="site:s1", destination="site:s2")
def a_way_too_fast(case: Case) -> Case:
    return case.with_leg("ann", "day", 2, arrive=at("10:35:59")).with_visit(
        "J3", arrive=at("10:35:59")
    )


@plants("leg.too-slow", by_s=1)
def a_way_too_slow(case: Case) -> Case:
    return case.with_leg("ann", "day", 2, arrive=at("10:36:01")).with_visit(
        "J3", arrive=at("10:36:01")
    )


@plants("leg.too-fast", by_s=600)
def a_way_that_forgets_its_break(case: Case) -> Case:
    return case.with_leg("ann", "day", 3, arrive=at("12:40")).with_visit("J4", arrive=at("12:40"))


@plants("leg.too-fast", by_s=60)
def a_way_through_an_absence(case: Case) -> Case:
    return case.with_leg("bo", "late", 1, arrive=at("15:09")).with_visit(
        "J5", 1, arrive=at("15:09")
    )


@plants("leg.travel-time", expected_s=1_800, found_s=1_799)
def a_travel_time_made_up(case: Case) -> Case:
    return case.with_leg("ann", "day", 4, travel_s=1_799)


@plants("leg.distance", expected_m=15_000, found_m=14_999)
def a_distance_made_up(case: Case) -> Case:
    return case.with_leg("ann", "day", 4, distance_m=14_999)


@plants("leg.unlocated")
def a_home_that_is_nowhere(case: Case) -> Case:
    return case.with_technician("ann", home=None)


@plants("route.depart", by_s=600)
def a_departure_before_the_first_leg(case: Case) -> Case:
    return case.with_route("ann", "day", depart=at("08:10"))


@plants("route.depart", by_s=600)
def a_departure_before_the_first_visit_of_an_open_start(case: Case) -> Case:
    return case.with_route("cem", "day", depart=at("10:50"))


@plants("route.finish", by_s=60)
def a_finish_after_the_last_leg(case: Case) -> Case:
    return case.with_route("ann", "day", finish=at("16:54"), overtime_s=54 * 60)


@plants("route.finish", by_s=600)
def a_finish_after_the_last_visit_of_an_open_end(case: Case) -> Case:
    return case.with_route("cem", "day", finish=at("11:50"))


@plants("route.depart", "route.reversed")
def a_route_that_ends_before_it_begins(case: Case) -> Case:
    return case.with_route("cem", "day", depart=at("11:50"))


@plants("leg.arrival", by_s=240)
def an_arrival_before_that_of_the_leg(case: Case) -> Case:
    return case.with_visit("J3", arrive=at("10:32"))


@plants("route.finish", by_s=600)
def a_finish_before_the_last_visit_of_an_open_end(case: Case) -> Case:
    return case.with_route("cem", "day", finish=at("11:30"))


@plants("route.depart", by_s=600)
def a_departure_after_the_first_leg(case: Case) -> Case:
    return case.with_route("ann", "day", depart=at("08:30"))

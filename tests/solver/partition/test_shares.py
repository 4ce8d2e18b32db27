from __future__ import annotations

import numpy as np
import pytest
from tests.solver.partition.towns import TOWN_M, towns
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.partition.nearness import areas, centres, unlike_skills, ways_apart
from dispatch.solver.partition.shares import Share, bundles, shares
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

FAR_M = 3_000


def two_towns(ties: list[Tie] | None = None, only: tuple[int, ...] | None = None) -> Problem:
    """A van in each town; calls 0 and 2 are in the first, 1 and 3 in the second.

    ``only`` says who may do calls 0 and 2.
    """
    return Small(
        positions=(0, FAR_M, 10, FAR_M + 10),
        vans=(Van(start=0, end=0), Van(start=1, end=1)),
        calls=[Call(place=2 + at % 2, only=None if at % 2 else only) for at in range(4)],
        ties=ties or [],
    ).problem()


def planned(problem: Problem, *routes: list[int]) -> Solution:
    found = time_routes(problem, routes).solution
    assert found is not None
    return found


def split(problem: Problem, plan: Solution, *, hold_tied: bool = False) -> list[Share]:
    vans = [np.array([0]), np.array([1])]
    places = problem.vehicles.start_place
    return shares(problem, plan, bundles(problem), vans, places, hold_tied=hold_tied)


def visits_of(found: list[Share]) -> list[list[int]]:
    return [share.visits.tolist() for share in found]


def held_in(found: list[Share]) -> list[list[int]]:
    return [share.visits[share.held].tolist() for share in found]


def test_what_is_left_out_goes_to_the_nearest_part() -> None:
    problem = two_towns()
    assert visits_of(split(problem, planned(problem, [], []))) == [[0, 2], [1, 3]]


def test_what_is_served_stays_with_its_route() -> None:
    problem = two_towns()
    assert visits_of(split(problem, planned(problem, [1], [2]))) == [[0, 1], [2, 3]]


def test_what_nobody_may_do_is_in_no_part() -> None:
    problem = Small(
        positions=(0, 10), vans=(Van(), Van()), calls=(Call(place=1, only=()), Call(place=1))
    ).problem()
    found = split(problem, planned(problem, [], []))
    assert sorted(np.concatenate([share.visits for share in found]).tolist()) == [1]


def test_a_part_that_is_full_leaves_work_to_the_next() -> None:
    problem = Small(
        positions=(0, FAR_M, 10), vans=(Van(start=0), Van(start=1)), calls=[Call(place=2)] * 10
    ).problem()
    sizes = [len(visits) for visits in visits_of(split(problem, planned(problem, [], [])))]
    assert sizes == [5, 5]


def test_tied_visits_of_several_parts_are_held() -> None:
    problem = two_towns([Tie(before=0, after=1, low=0, high=100_000)])
    found = split(problem, planned(problem, [0, 2], [1, 3]))
    assert [share.held.tolist() for share in found] == [[True, False], [True, False]]


def test_tied_visits_of_one_part_are_free_unless_all_are_held() -> None:
    problem = two_towns([Tie(before=0, after=2, low=0, high=100_000)])
    plan = planned(problem, [0, 2], [1, 3])
    assert not any(share.held.any() for share in split(problem, plan))
    assert split(problem, plan, hold_tied=True)[0].held.all()


def test_the_rest_of_a_bundle_goes_where_it_is_served() -> None:
    problem = two_towns([Tie(before=1, after=3, low=0, high=100_000)])
    found = split(problem, planned(problem, [1], []))
    assert {1, 3} <= set(found[0].visits.tolist())
    assert held_in(found) == [[], []]


def test_the_rest_of_a_bundle_goes_anywhere_if_what_is_served_stays() -> None:
    problem = two_towns([Tie(before=1, after=3, low=0, high=100_000)])
    found = split(problem, planned(problem, [1], []), hold_tied=True)
    assert 3 in found[1].visits
    assert held_in(found) == [[1], []]


def test_the_rest_of_a_bundle_goes_to_those_who_may_do_it() -> None:
    problem = two_towns([Tie(before=1, after=2, low=0, high=100_000)], only=(1,))
    found = split(problem, planned(problem, [1], []))
    assert 2 in found[1].visits
    assert held_in(found) == [[1], []]


def chain(second: tuple[int, ...], third: tuple[int, ...]) -> list[Share]:
    """The first call is served by the first van; both others wait for it, and say who may come."""
    problem = Small(
        positions=(0, FAR_M),
        vans=(Van(start=0, end=0), Van(start=1, end=1)),
        calls=[Call(place=0), Call(place=0, only=second), Call(place=0, only=third)],
        ties=[Tie(before=0, after=1), Tie(before=0, after=2)],
    ).problem()
    return split(problem, planned(problem, [0], []))


def test_what_nobody_may_do_keeps_nobody_from_moving() -> None:
    found = chain(second=(), third=(0,))
    assert visits_of(found) == [[0, 1, 2], []]
    assert held_in(found) == [[], []]


def test_what_fits_together_nowhere_goes_where_the_rest_is_served() -> None:
    found = chain(second=(1,), third=(0,))
    assert visits_of(found) == [[0, 1, 2], []]
    assert held_in(found) == [[0], []]


def test_a_tied_job_that_is_left_out_waits_for_a_round_in_which_its_like_may_move() -> None:
    problem = two_towns([Tie(before=1, after=3, low=0, high=100_000)])
    plan = planned(problem, [], [])
    held = visits_of(split(problem, plan, hold_tied=True))
    assert sorted(visit for visits in held for visit in visits) == [0, 2]
    free = visits_of(split(problem, plan))
    assert sorted(visit for visits in free for visit in visits) == [0, 1, 2, 3]


def test_visits_of_one_job_are_one_bundle() -> None:
    crew = [Call(place=1, group=0), Call(place=1, group=0), Call(place=1, group=1)]
    bundle = bundles(Small(positions=(0, 1), vans=(Van(), Van()), calls=crew).problem())
    assert bundle[0] == bundle[1] != bundle[2]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 8])
def test_areas_are_of_about_one_size_and_near_together(count: int) -> None:
    problem = towns()
    places = centres(problem, [np.zeros(0, np.int64)] * problem.vehicle_count)
    found = areas(ways_apart(problem, places), count, np.random.default_rng(1))
    assert len(found) == count
    assert sorted(np.concatenate(found).tolist()) == list(range(problem.vehicle_count))
    assert max(map(len, found)) - min(map(len, found)) <= 1
    if count == 4:
        metres = problem.travel_s[0][np.ix_(places, places)]
        assert all(metres[np.ix_(area, area)].max() < TOWN_M for area in found)


def test_who_shares_no_skill_is_as_unlike_as_can_be() -> None:
    calls = [Call(place=0, only=(0, 1)), Call(place=0, only=(2,)), Call(place=0, only=(0, 1))]
    unlike = unlike_skills(Small(positions=(0,), vans=(Van(),) * 3, calls=calls).problem())
    assert unlike.tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]


def test_who_works_nowhere_is_as_far_away_as_usual() -> None:
    problem = towns()
    places = problem.vehicles.start_place.copy()
    places[0] = -1
    apart = ways_apart(problem, places)
    assert apart[0].tolist() == pytest.approx([1] * len(places))

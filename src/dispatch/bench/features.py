"""Which parts of the problem's language a problem uses, so that a peer can say what it lacks."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from dispatch.solver.arrays import NEVER
from dispatch.solver.problem import OPEN, Problem


class Feature(StrEnum):
    """A part of the language that not every solver speaks. Its text is ``bench.feature.NAME``."""

    CREWS = "crews"
    LINKS = "links"
    BREAKS = "breaks"
    SETUP = "setup"
    SKILLS = "skills"
    SEVERAL_WINDOWS = "several-windows"
    PREFERENCES = "preferences"
    LATENESS = "lateness"
    ORDER_PINS = "order-pins"
    OPTIONAL = "optional"
    LONGEST_ROUTE = "longest-route"
    LONGEST_TRAVEL = "longest-travel"
    MOST_VISITS = "most-visits"
    OPEN_ENDS = "open-ends"
    NO_ENDS = "no-ends"
    OWN_DURATIONS = "own-durations"
    SEVERAL_SHIFTS = "several-shifts"
    SEVERAL_PROFILES = "several-profiles"
    PUBLISHED = "published"
    FAIRNESS = "fairness"
    SPEEDS = "speeds"
    OTHER_PRICES = "other-prices"


def features(problem: Problem) -> frozenset[Feature]:
    """What a solver must be able to express to solve ``problem`` as it is."""
    vehicles, visits = problem.vehicles, problem.visits
    no_start, no_end = vehicles.start_place == OPEN, vehicles.end_place == OPEN
    used = {
        Feature.CREWS: problem.group_count < problem.visit_count,
        Feature.LINKS: len(problem.links.before) > 0,
        Feature.BREAKS: problem.break_count > 0,
        Feature.SETUP: bool(visits.setup_s.any()),
        Feature.SKILLS: not visits.allowed.all(),
        Feature.SEVERAL_WINDOWS: len(visits.windows.start_s) > problem.visit_count,
        Feature.PREFERENCES: len(visits.preferred.start_s) > 0,
        Feature.LATENESS: bool((visits.due_s < NEVER).any()),
        Feature.ORDER_PINS: bool((visits.rank >= 0).any()),
        Feature.OPTIONAL: not bool(must_serve(problem).all()),
        Feature.LONGEST_ROUTE: bool((vehicles.max_duration_s < NEVER).any()),
        Feature.LONGEST_TRAVEL: bool((vehicles.max_travel_s < NEVER).any()),
        Feature.MOST_VISITS: bool((vehicles.max_visits < NEVER).any()),
        Feature.OPEN_ENDS: bool((no_start | no_end).any()),
        Feature.NO_ENDS: bool((no_start & no_end).any()),
        Feature.OWN_DURATIONS: bool((visits.duration_s != visits.duration_s[:, :1]).any()),
        Feature.SEVERAL_SHIFTS: len(np.unique(vehicles.owner)) < problem.vehicle_count,
        Feature.SEVERAL_PROFILES: len(problem.travel_s) > 1,
        Feature.PUBLISHED: len(problem.published.visit) > 0,
        Feature.FAIRNESS: bool(vehicles.unfairness_price.any()),
        Feature.SPEEDS: len(problem.speeds.from_s) > 0,
        Feature.OTHER_PRICES: _has_other_prices(problem),
    }
    return frozenset(feature for feature, is_used in used.items() if is_used)


def must_serve(problem: Problem) -> np.typing.NDArray[np.bool_]:
    """(groups,): whether leaving it out costs more than any travel could save."""
    dearest = int(problem.vehicles.travel_price.max(initial=0))
    longest = int(problem.travel_s.max(initial=0))
    most = 2 * problem.visit_count * dearest * longest
    serve: np.typing.NDArray[np.bool_] = problem.unserved_price > most
    return serve


def _has_other_prices(problem: Problem) -> bool:
    """Whether anything but travel at one price, and being left out, is paid for."""
    vehicles = problem.vehicles
    nothing = (
        vehicles.use_price,
        vehicles.distance_price,
        vehicles.time_price,
        vehicles.overtime_price,
        problem.visits.assign_price,
    )
    return any(price.any() for price in nothing) or bool((vehicles.travel_price != 1).any())

"""A day as a problem for the solver, with what is needed to read its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.domain.day import Day
from dispatch.planning.compile.links import are_exact, links_of
from dispatch.planning.compile.money import PER_MINUTE, units
from dispatch.planning.compile.places import Places, places_of
from dispatch.planning.compile.published import published_of
from dispatch.planning.compile.speeds import speeds_of
from dispatch.planning.compile.travel import matrices
from dispatch.planning.compile.vehicles import breaks_of, vehicles_of
from dispatch.planning.compile.visits import visits_arrays
from dispatch.planning.duty import Duty, Pause, duties_of
from dispatch.planning.horizon import Horizon
from dispatch.planning.score import unserved_minor
from dispatch.planning.shares import fair_shares
from dispatch.planning.travel_times import Progress, TravelTimes
from dispatch.planning.visit import Visit, visits_of
from dispatch.solver.problem import Problem
from dispatch.solver.quickest import quickest_s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compiled:
    """A problem and the meaning of its indices."""

    day: Day
    problem: Problem
    horizon: Horizon
    visits: tuple[Visit, ...]
    """By the problem's visits; a group is a job, in the order of the day."""
    duties: tuple[Duty, ...]
    """By the problem's vehicles."""
    pauses: tuple[Pause, ...]
    """By the problem's breaks."""
    places: Places
    parts: tuple[str, ...]
    """By the problem's dimensions of capacity."""
    travel: str
    """By which travel times, as they name themselves."""

    @property
    def is_exact(self) -> bool:
        """Whether every plan that keeps the day's rules is a solution of the problem."""
        return are_exact(self.day)


def compile_day(day: Day, travel: TravelTimes, *, progress: Progress | None = None) -> Compiled:
    """Turn a day without errors into a problem.

    Parameters
    ----------
    day
        As :func:`dispatch.planning.check.check_day` lets pass.
    travel
        Asked once for each profile, for the hour at which most shifts start.
    progress
        Called with the part of the travel matrices that is done.

    Raises
    ------
    InvalidInput
        A place cannot be reached, or the travel times are impossible.
    Unavailable
        The travel times did not answer.
    """
    horizon = Horizon.of(day)
    visits, duties = visits_of(day, horizon), duties_of(day, horizon)
    places = places_of(day, visits, duties)
    matrix = matrices(travel, places.all, duties, horizon, progress)
    parts = tuple(sorted({part for visit in visits for part, _ in visit.parts}))
    speeds, shares = speeds_of(day, matrix.profiles, horizon), fair_shares(day)
    vehicles = vehicles_of(duties, day.policy, places, matrix.profiles, parts, shares=shares)
    problem = Problem(
        travel_s=matrix.seconds,
        distance_m=matrix.metres,
        vehicles=vehicles,
        visits=visits_arrays(
            visits,
            duties,
            vehicles,
            quickest_s(matrix.seconds, speeds),
            horizon=horizon,
            policy=day.policy,
            places=places,
            parts=parts,
        ),
        unserved_price=np.array(
            # Where it costs nothing either way, a job is done rather than left out.
            [max(1, units(unserved_minor(day, job))) for job in day.jobs],
            dtype=np.int64,
        ),
        links=links_of(day, visits),
        breaks=breaks_of(duties),
        published=published_of(visits, duties, day.policy, horizon),
        speeds=speeds,
        worst_lateness_price=units(day.policy.worst_lateness_minor_per_min, PER_MINUTE),
    )
    return Compiled(
        day=day,
        problem=problem,
        horizon=horizon,
        visits=visits,
        duties=duties,
        pauses=tuple(pause for duty in duties for pause in duty.pauses),
        places=places,
        parts=parts,
        travel=travel.name,
    )


__all__ = ["Compiled", "compile_day"]

"""VROOM, a heuristic search in C++ made for speed, as an engine.

https://github.com/VROOM-Project/vroom
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import numpy as np
import vroom

from dispatch.bench.features import Feature
from dispatch.bench.peers.answer import answer, cannot
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

EXPRESSES = frozenset(
    {
        Feature.SKILLS,
        Feature.SEVERAL_WINDOWS,
        Feature.SETUP,
        Feature.MOST_VISITS,
        Feature.OPEN_ENDS,
        Feature.SEVERAL_SHIFTS,
    }
)

LEVELS = (1, 3, 5)
"""Exploration levels, tried one after the other while there is time. The highest alone is not
always the best: with a time limit it spreads the time over many starts."""


class VroomEngine:
    """Runs until its own search is done or time is over; the seed changes nothing."""

    name = "vroom"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,  # noqa: ARG002  # the search draws nothing
        initial: Solution | None = None,  # noqa: ARG002  # a peer makes its own start
        report: Report | None = None,
    ) -> Result:
        """Solve from its own start; a better level's answer is reported as it comes."""
        refusal = cannot(problem, EXPRESSES)
        if refusal is not None:
            return refusal
        begun = perf_counter()
        best = answer(problem, None, seconds=0.0)
        for level in LEVELS:
            left = stop.seconds - (perf_counter() - begun)
            if left <= 0:
                break
            routes = _solve(problem, level, left)
            found = answer(problem, routes, seconds=perf_counter() - begun)
            if _better(found, best):
                best = found
                if report and found.solution and not report(found.seconds, found.solution):
                    break
        return replace(best, seconds=perf_counter() - begun)


def _better(found: Result, best: Result) -> bool:
    if found.solution is None or best.solution is None:
        return best.solution is None
    return found.solution.cost < best.solution.cost


def _solve(problem: Problem, level: int, seconds: float) -> list[list[int]]:
    model = vroom.Input()
    model.set_durations_matrix("car", problem.travel_s[0].astype(np.uint32))
    model.add_vehicle(_vehicles(problem))
    model.add_job(_jobs(problem))
    found = model.solve(
        exploration_level=level,
        nb_threads=1,
        timeout=timedelta(milliseconds=max(1, round(1000 * seconds))),
    )
    routes: list[list[int]] = [[] for _ in range(problem.vehicle_count)]
    table = found.routes
    jobs = table[table["type"] == "job"]
    for vehicle, visit in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        routes[int(vehicle)].append(int(visit))
    return routes


def _vehicles(problem: Problem) -> list[vroom.Vehicle]:
    vehicles, skills = problem.vehicles, _skills(problem)
    return [
        vroom.Vehicle(
            vehicle,
            start=_place(int(vehicles.start_place[vehicle])),
            end=_place(int(vehicles.end_place[vehicle])),
            capacity=vehicles.capacity[vehicle].tolist(),
            skills={skill for skill, able in enumerate(skills) if able[vehicle]},
            time_window=_window(vehicles.earliest_s[vehicle], vehicles.latest_s[vehicle]),
            max_tasks=min(int(vehicles.max_visits[vehicle]), problem.visit_count),
        )
        for vehicle in range(problem.vehicle_count)
    ]


def _jobs(problem: Problem) -> list[vroom.Job]:
    visits = problem.visits
    skills = {able.tobytes(): skill for skill, able in enumerate(_skills(problem))}
    windows = visits.windows
    return [
        vroom.Job(
            visit,
            location=int(visits.place[visit]),
            default_setup=int(visits.setup_s[visit]),
            default_service=int(visits.duration_s[visit, 0]),
            delivery=visits.load[visit].tolist(),
            skills={skills[visits.allowed[visit].tobytes()]},
            time_windows=[
                _window(windows.start_s[at], windows.end_s[at])
                for at in range(windows.offset[visit], windows.offset[visit + 1])
            ],
        )
        for visit in range(problem.visit_count)
    ]


def _skills(problem: Problem) -> list[np.typing.NDArray[np.bool_]]:
    """A skill for each different row of who may serve: (vehicles,) that have it."""
    return list(np.unique(problem.visits.allowed, axis=0))


def _place(place: int) -> int | None:
    return None if place < 0 else place


def _window(start_s: np.int64, end_s: np.int64) -> vroom.TimeWindow:
    return vroom.TimeWindow(int(start_s), int(end_s))

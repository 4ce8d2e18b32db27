"""When everything happens: times may float, where the truth has them as early as they can be.

So each plan's true times are among those of the model, and no plan costs less in the model than
its bound. Where nothing but the way decides when a visit starts, waiting on purpose is forbidden,
which makes the bound exact for most days.
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from dispatch.solver.cpsat.model import DEPOT, DayModel, way_s
from dispatch.solver.cpsat.pauses import (
    Pauses,
    leaving_times,
    new_pauses,
    place_pauses,
    waiting_times,
)
from dispatch.solver.problem import NEVER, Problem

MOST_BREAKS = 3
"""With more on one vehicle there are too many orders to look at."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """All in seconds."""

    start: list[cp_model.IntVar]
    """(visits,)"""
    end: list[cp_model.IntVar]
    """(visits,)"""
    depart: list[cp_model.IntVar]
    """(vehicles,)"""
    finish: list[cp_model.IntVar]
    """(vehicles,) when it departs, where it is not used"""
    pauses: list[Pauses]
    """(vehicles,)"""


def add_times(model: DayModel) -> Times:
    """Windows, ways, breaks, links and the limits of shifts."""
    problem, cp = model.problem, model.cp
    shift = problem.vehicles
    start = [_new_start(model, visit) for visit in range(problem.visit_count)]
    end = [cp.new_int_var(0, model.horizon_s, "") for _ in start]
    depart, finish = [], []
    for earliest, latest in zip(shift.earliest_s.tolist(), shift.latest_s.tolist(), strict=True):
        depart.append(cp.new_int_var(earliest, latest, ""))
        finish.append(cp.new_int_var(earliest, latest, ""))
    pauses = [new_pauses(model, vehicle) for vehicle in range(problem.vehicle_count)]
    times = Times(start, end, depart, finish, pauses)
    for visit in range(problem.visit_count):
        _add_work(model, times, visit)
    for vehicle in range(problem.vehicle_count):
        _add_route(model, times, vehicle)
        _keep_ranks(model, times, vehicle)
    _forbid_idling(model, times)
    _add_links(model, times)
    return times


def _new_start(model: DayModel, visit: int) -> cp_model.IntVar:
    """Within the windows, as far as anybody works so long."""
    windows = [
        [opening, min(closing, model.horizon_s)]
        for opening, closing in windows_of(model.problem, visit)
        if opening <= model.horizon_s
    ]
    if not windows:
        model.cp.add(model.is_served(visit) == 0)
    domain = cp_model.Domain.from_intervals(windows or [[0, 0]])
    return model.cp.new_int_var_from_domain(domain, "")


def _add_work(model: DayModel, times: Times, visit: int) -> None:
    """Set-up, but not after a visit at the same place, and the duration on the vehicle."""
    visits = model.problem.visits
    work: list[cp_model.LinearExprT] = [model.is_served(visit) * int(visits.setup_s[visit])]
    for vehicle, serves in enumerate(model.serves):
        if visit in serves:
            work.append(serves[visit] * int(visits.duration_s[visit, vehicle]))
            work += (
                arc * -int(visits.setup_s[visit])
                for (tail, head), arc in model.arcs[vehicle].items()
                if head == visit and tail != DEPOT and visits.place[tail] == visits.place[visit]
            )
    model.cp.add(times.end[visit] - times.start[visit] == cp_model.LinearExpr.sum(work))


def _add_route(model: DayModel, times: Times, vehicle: int) -> None:
    shift, cp, pauses = model.problem.vehicles, model.cp, times.pauses[vehicle]
    depart, finish = times.depart[vehicle], times.finish[vehicle]
    for (tail, head), arc in model.arcs[vehicle].items():
        way = way_s(model.problem, vehicle, tail, head)
        if tail == DEPOT:
            cp.add(depart == times.start[head] - way).only_enforce_if(arc)
        elif head == DEPOT:
            owed = pauses.owed_s - pauses.before_s(tail)
            cp.add(finish >= times.end[tail] + way + owed).only_enforce_if(arc)
        else:
            between = pauses.before_s(head) - pauses.before_s(tail)
            cp.add(times.start[head] >= times.end[tail] + way + between).only_enforce_if(arc)
    place_pauses(model, vehicle, pauses, times.start, times.end)
    cp.add(finish == depart).only_enforce_if(~model.used[vehicle])
    cp.add(finish >= depart)
    if shift.max_duration_s[vehicle] < NEVER:
        cp.add(finish - depart <= int(shift.max_duration_s[vehicle]))


def _keep_ranks(model: DayModel, times: Times, vehicle: int) -> None:
    rank, serves = model.problem.visits.rank, model.serves[vehicle]
    ranked = [visit for visit in serves if rank[visit] >= 0]
    for first in ranked:
        for second in ranked:
            if rank[first] < rank[second]:
                both = [serves[first], serves[second]]
                model.cp.add(times.end[first] <= times.start[second]).only_enforce_if(both)


def _forbid_idling(model: DayModel, times: Times) -> None:
    """A visit that nothing holds back starts when it is reached, or when what it waits for opens.

    It can wait for its window and for a break. Routes that are to be short may start late.
    """
    problem = model.problem
    held = {*problem.links.before.tolist(), *problem.links.after.tolist()}
    for vehicle, arcs in enumerate(model.arcs):
        pauses = times.pauses[vehicle]
        if problem.vehicles.max_duration_s[vehicle] < NEVER or len(pauses.each) > MOST_BREAKS:
            continue
        leaving, waiting = leaving_times(problem, vehicle), waiting_times(problem, vehicle)
        for (tail, head), arc in arcs.items():
            if head == DEPOT or head in held:
                continue
            way = way_s(problem, vehicle, tail, head)
            moments = {opening for opening, _ in windows_of(problem, head)}
            if tail == DEPOT:
                moments |= {moment + way for moment in leaving}
                model.cp.add_linear_expression_in_domain(
                    times.start[head], cp_model.Domain.from_values(sorted(moments))
                ).only_enforce_if(arc)
                continue
            waits = model.cp.new_bool_var("")
            reached = times.end[tail] + way + pauses.before_s(head) - pauses.before_s(tail)
            model.cp.add(times.start[head] <= reached).only_enforce_if(arc, ~waits)
            model.cp.add_linear_expression_in_domain(
                times.start[head], cp_model.Domain.from_values(sorted(moments | waiting))
            ).only_enforce_if(arc, waits)


def windows_of(problem: Problem, visit: int) -> list[tuple[int, int]]:
    """Openings and closings."""
    windows = problem.visits.windows
    first, last = windows.offset[visit : visit + 2].tolist()
    opening, closing = windows.start_s[first:last].tolist(), windows.end_s[first:last].tolist()
    return list(zip(opening, closing, strict=True))


def _add_links(model: DayModel, times: Times) -> None:
    links = model.problem.links
    for at, (before, after) in enumerate(
        zip(links.before.tolist(), links.after.tolist(), strict=True)
    ):
        base = times.end[before] if links.from_end[at] else times.start[before]
        low, high = int(links.min_delay_s[at]), int(links.max_delay_s[at])
        served = model.is_served(after)
        model.cp.add(times.start[after] >= base + low).only_enforce_if(served)
        if high < NEVER:
            model.cp.add(times.start[after] <= base + high).only_enforce_if(served)

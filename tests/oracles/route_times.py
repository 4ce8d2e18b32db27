"""Times and cost of given routes, by going through them again and again until nothing moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dispatch.solver.problem import NEVER, OPEN, Problem


class Infeasible(Exception):
    """A rule is broken."""


@dataclass
class Times:
    """What the routes mean."""

    start: dict[int, int] = field(default_factory=dict)
    end: dict[int, int] = field(default_factory=dict)
    depart: dict[int, int] = field(default_factory=dict)
    finish: dict[int, int] = field(default_factory=dict)
    travel: dict[int, int] = field(default_factory=dict)
    """By vehicle, seconds of driving."""
    cost: int = 0


def route_times(problem: Problem, routes: Sequence[Sequence[int]]) -> Times:
    """All times and the whole cost, or Infeasible."""
    bound: dict[int, int] = {}
    vehicle_of = {a: v for v, row in enumerate(routes) for a in row if a < problem.visit_count}
    for _ in range(500):
        times = Times()
        for vehicle, row in enumerate(routes):
            _walk(problem, vehicle, row, bound, times)
        wanted = _demands(problem, times, vehicle_of)
        higher = {v: t for v, t in wanted.items() if t > bound.get(v, 0)}
        bound |= higher
        if not higher:
            break
    else:
        raise Infeasible("link")
    _check_links(problem, times)
    for vehicle, row in enumerate(routes):
        limited = problem.vehicles.max_duration_s[vehicle] < NEVER and vehicle in times.finish
        if limited and problem.vehicles.profile[vehicle] not in problem.speeds.profile:
            _make_short(problem, vehicle, row, bound, times)
    for vehicle, row in enumerate(routes):
        _check_limits(problem, vehicle, row, times)
    times.cost = _cost(problem, routes, times)
    return times


def _travel(problem: Problem, vehicle: int, origin: int, target: int) -> int:
    if OPEN in (origin, target):
        return 0
    return int(problem.travel_s[problem.vehicles.profile[vehicle], origin, target])


def _percent(problem: Problem, vehicle: int, second: int) -> int:
    """The speed during a second."""
    percent = 100
    speeds = problem.speeds
    for profile, since, then in zip(speeds.profile, speeds.from_s, speeds.percent, strict=True):
        if profile == problem.vehicles.profile[vehicle] and since <= second:
            percent = int(then)
    return percent


def _windows(problem: Problem, visit: int) -> list[tuple[int, int]]:
    w = problem.visits.windows
    first, last = w.offset[visit], w.offset[visit + 1]
    return list(zip(w.start_s[first:last].tolist(), w.end_s[first:last].tolist(), strict=True))


def _walk(
    problem: Problem,
    vehicle: int,
    row: Sequence[int],
    bound: dict[int, int],
    times: Times,
    *,
    depart: int | None = None,
) -> None:
    """One route. With ``depart`` it leaves then, not as late as its first visit allows."""
    n, shift = problem.visit_count, problem.vehicles
    served = [a for a in row if a < n]
    if not served:
        return
    breaks: list[int] = []
    clock = int(shift.earliest_s[vehicle])
    place, last_visit = int(shift.start_place[vehicle]), None
    for activity in row:
        if activity >= n:
            breaks.append(activity - n)
            continue
        target = int(problem.visits.place[activity])
        way = _travel(problem, vehicle, place, target)
        driving = 0
        if last_visit is None:
            leave = _rest(problem, vehicle, clock, 0, breaks)[0] if depart is None else depart
            ready = _rest(problem, vehicle, leave, way, [])[0]
        else:
            ready, driving = _rest(problem, vehicle, clock, way, breaks)
            in_order = all(later == before + 1 for before, later in pairwise(breaks))
            if shift.profile[vehicle] in problem.speeds.profile and not in_order:
                raise Infeasible("break")
        ready = max(ready, bound.get(activity, 0))
        starts = [max(a, ready) for a, b in _windows(problem, activity) if ready <= b]
        if not starts:
            raise Infeasible("window")
        start = starts[0]
        if last_visit is None:
            leave, driving = _latest(problem, vehicle, start, way)
            times.depart[vehicle] = leave
        times.travel[vehicle] = times.travel.get(vehicle, 0) + driving
        times.start[activity] = start
        same = last_visit is not None and problem.visits.place[last_visit] == target
        clock = start + (0 if same else int(problem.visits.setup_s[activity]))
        clock += int(problem.visits.duration_s[activity, vehicle])
        times.end[activity] = clock
        place, last_visit, breaks = target, activity, []
    times.finish[vehicle], driving = _go_home(problem, vehicle, clock, place, breaks)
    times.travel[vehicle] += driving


def _latest(problem: Problem, vehicle: int, start: int, way: int) -> tuple[int, int]:
    """The last second to leave and be there at ``start``, and how long the way then takes."""
    leave = start - way // 2
    while _rest(problem, vehicle, leave, way, [])[0] > start:
        leave -= 1
    while _rest(problem, vehicle, leave + 1, way, [])[0] <= start:
        leave += 1
    return leave, _rest(problem, vehicle, leave, way, [])[1]


def _rest(
    problem: Problem, vehicle: int, clock: int, way: int, breaks: Sequence[int]
) -> tuple[int, int]:
    """When a place ``way`` seconds off is reached and all breaks are over; s of driving.

    Second by second: whoever does not rest drives.
    """
    pauses = []
    resting_from = clock
    for at in breaks:
        begin = max(resting_from, int(problem.breaks.earliest_s[at]))
        if begin > problem.breaks.latest_s[at]:
            raise Infeasible("break")
        resting_from = begin + int(problem.breaks.duration_s[at])
        pauses.append(range(begin, resting_from))
    left, driving, second = 100 * way, 0, clock
    while left > 0:
        if not any(second in pause for pause in pauses):
            left -= _percent(problem, vehicle, second)
            driving += 1
        second += 1
    return max(second, resting_from), driving


def _go_home(
    problem: Problem, vehicle: int, clock: int, place: int, breaks: Sequence[int]
) -> tuple[int, int]:
    way = _travel(problem, vehicle, place, int(problem.vehicles.end_place[vehicle]))
    owed: list[int] = []
    for at in breaks:
        home, _ = _rest(problem, vehicle, clock, way, owed)
        if home > problem.breaks.earliest_s[at]:
            owed.append(at)
    return _rest(problem, vehicle, clock, way, owed)


def _demands(problem: Problem, times: Times, vehicle_of: dict[int, int]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    links = problem.links
    for k in range(len(links.before)):
        a, b = int(links.before[k]), int(links.after[k])
        if a not in vehicle_of or b not in vehicle_of:
            continue
        base = times.end[a] if links.from_end[k] else times.start[a]
        wanted[b] = max(wanted.get(b, 0), base + int(links.min_delay_s[k]))
        if links.max_delay_s[k] < NEVER:
            pull = times.start[b] - int(links.max_delay_s[k]) - (base - times.start[a])
            wanted[a] = max(wanted.get(a, 0), pull)
    return wanted


def _check_links(problem: Problem, times: Times) -> None:
    links = problem.links
    for k in range(len(links.before)):
        a, b = int(links.before[k]), int(links.after[k])
        if a in times.start and b in times.start:
            base = times.end[a] if links.from_end[k] else times.start[a]
            if not base + links.min_delay_s[k] <= times.start[b] <= base + links.max_delay_s[k]:
                raise Infeasible("link")


def _make_short(
    problem: Problem, vehicle: int, row: Sequence[int], bound: dict[int, int], times: Times
) -> None:
    """Leave as late as nothing but waiting changes: try every second."""
    usual = times.depart[vehicle]
    best = times
    for depart in range(usual, times.finish[vehicle] + 1):
        later = Times()
        try:
            _walk(problem, vehicle, row, bound, later, depart=depart)
        except Infeasible:
            break
        if later.depart[vehicle] != depart or not _harmless(problem, vehicle, row, times, later):
            break
        best = later
    times.depart[vehicle] = best.depart[vehicle]
    times.start |= best.start
    times.end |= best.end


def _harmless(
    problem: Problem, vehicle: int, row: Sequence[int], usual: Times, later: Times
) -> bool:
    n, visits = problem.visit_count, problem.visits
    if later.finish[vehicle] != usual.finish[vehicle]:
        return False
    linked = set(problem.links.before.tolist()) | set(problem.links.after.tolist())
    for position, visit in enumerate(row):
        if visit >= n or later.start[visit] == usual.start[visit]:
            continue
        choosy = visits.preferred.offset[visit] < visits.preferred.offset[visit + 1]
        before_break = position + 1 < len(row) and any(a < n for a in row[position + 1 :])
        before_break = before_break and row[position + 1] >= n
        late = later.end[visit] > max(usual.end[visit], int(visits.due_s[visit]))
        same_window = any(
            a <= usual.start[visit] <= b and a <= later.start[visit] <= b
            for a, b in _windows(problem, visit)
        )
        choosy = choosy or visit in problem.published.visit
        if visit in linked or choosy or before_break or late or not same_window:
            return False
    return True


def _check_limits(problem: Problem, vehicle: int, row: Sequence[int], times: Times) -> None:
    shift, visits = problem.vehicles, problem.visits
    served = [a for a in row if a < problem.visit_count]
    if not served:
        return
    ranks = [int(visits.rank[a]) for a in served if visits.rank[a] >= 0]
    used = times.travel[vehicle]
    duration = times.finish[vehicle] - times.depart[vehicle]
    load = visits.load[served].sum(axis=0)
    if (
        ranks != sorted(ranks)
        or times.finish[vehicle] > shift.latest_s[vehicle]
        or used > shift.max_travel_s[vehicle]
        or duration > shift.max_duration_s[vehicle]
        or len(served) > shift.max_visits[vehicle]
        or (load > shift.capacity[vehicle]).any()
    ):
        raise Infeasible("limit")


def _stops(problem: Problem, vehicle: int, served: Sequence[int]) -> list[int]:
    shift = problem.vehicles
    middle = [int(problem.visits.place[a]) for a in served]
    return [int(shift.start_place[vehicle]), *middle, int(shift.end_place[vehicle])]


def _cost(problem: Problem, routes: Sequence[Sequence[int]], times: Times) -> int:
    shift, visits = problem.vehicles, problem.visits
    cost = worst = 0
    groups = set()
    for vehicle, row in enumerate(routes):
        served = [a for a in row if a < problem.visit_count]
        if not served:
            continue
        stops = _stops(problem, vehicle, served)
        metres = sum(
            int(problem.distance_m[shift.profile[vehicle], a, b])
            for a, b in pairwise(stops)
            if OPEN not in (a, b)
        )
        finish = times.finish[vehicle]
        cost += int(shift.use_price[vehicle]) + metres * int(shift.distance_price[vehicle])
        cost += times.travel[vehicle] * int(shift.travel_price[vehicle])
        cost += (finish - times.depart[vehicle]) * int(shift.time_price[vehicle])
        cost += max(0, finish - int(shift.end_s[vehicle])) * int(shift.overtime_price[vehicle])
        work = sum(times.end[visit] - times.start[visit] for visit in served)
        beyond = max(0, work - int(shift.fair_share_s[vehicle]))
        cost += beyond * int(shift.unfairness_price[vehicle])
        for visit in served:
            late = max(0, times.end[visit] - int(visits.due_s[visit]))
            worst = max(worst, late)
            cost += int(visits.assign_price[visit, vehicle])
            cost += late * int(visits.lateness_price[visit])
            cost += _miss(problem, visit, times.start[visit]) * int(visits.preferred_price[visit])
            groups.add(int(visits.group[visit]))
    left = [g for g in range(problem.group_count) if g not in groups]
    cost += sum(int(problem.unserved_price[g]) for g in left)
    cost += sum(_changes(problem, routes, times))
    return cost + worst * problem.worst_lateness_price


def _changes(problem: Problem, routes: Sequence[Sequence[int]], times: Times) -> Iterator[int]:
    """What is not as it was published."""
    p = problem.published
    for k, visit in enumerate(p.visit.tolist()):
        if visit not in times.start:
            continue
        early = int(p.promised_start_s[k]) - times.start[visit]
        late = times.start[visit] - int(p.promised_end_s[k])
        if early > 0 or late > 0:
            yield int(p.moved_price[k]) + max(early, late) * int(p.moved_second_price[k])
        row = list(routes[p.vehicle[k]]) if p.vehicle[k] >= 0 else []
        before = row[: row.index(visit)] if visit in row else []
        overtaken = [
            other
            for other, vehicle, rank in zip(p.visit, p.vehicle, p.rank, strict=True)
            if other in before and vehicle == p.vehicle[k] and rank > p.rank[k]
        ]
        if overtaken:
            yield int(p.order_price[k])


def _miss(problem: Problem, visit: int, start: int) -> int:
    p = problem.visits.preferred
    first, last = int(p.offset[visit]), int(p.offset[visit + 1])
    misses = [
        max(0, int(p.start_s[k]) - start, start - int(p.end_s[k])) for k in range(first, last)
    ]
    return min(misses, default=0)

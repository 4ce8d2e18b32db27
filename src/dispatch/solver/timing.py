"""The one truth on what given routes mean: all times, every broken rule, the exact cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.arrivals import note_arrivals
from dispatch.solver.kernels.board import Board, empty_board, row_length
from dispatch.solver.kernels.columns import (
    BOUND,
    DEPART,
    DISTANCE,
    END,
    FINISH,
    LENGTH,
    START,
    TRAVEL,
    VEHICLE,
    VISITS,
    WORK,
)
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.model import Model, model_of
from dispatch.solver.kernels.timing import over_longest, time_route
from dispatch.solver.kernels.walk import preferred_miss_s, promise_price
from dispatch.solver.problem import NEVER, NOWHERE, Problem
from dispatch.solver.solution import ABSENT, CostPart, Solution


class Rule(StrEnum):
    """What routes can break. The first ten stand in the order of the kernels' codes."""

    FINE = "fine"
    WINDOW = "window"
    BREAK = "break"
    RANK = "rank"
    SHIFT_END = "shift-end"
    MAX_TRAVEL = "max-travel"
    MAX_DURATION = "max-duration"
    MAX_VISITS = "max-visits"
    CAPACITY = "capacity"
    LINK = "link"
    UNKNOWN = "unknown-activity"
    TWICE = "served-twice"
    MISSING_BREAK = "missing-break"
    NOT_ALLOWED = "not-allowed"
    SAME_OWNER = "same-owner"
    PARTLY_SERVED = "partly-served"
    UNMET_LINK = "unmet-link"


_CODES = tuple(Rule)
_LONGEST = (Rule.MAX_TRAVEL, Rule.MAX_DURATION)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that routes break, at a vehicle or a visit."""

    rule: Rule
    vehicle: int = ABSENT
    visit: int = ABSENT


@dataclass(frozen=True, slots=True)
class Timed:
    """A solution, or why the routes are none."""

    solution: Solution | None
    violations: tuple[Violation, ...] = ()


class Timekeeper:
    """Times routes of one problem, many times."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._model: Model | None = None
        self._spare: Board | None = None

    def time(self, routes: Sequence[npt.ArrayLike]) -> Timed:
        """As :func:`time_routes`."""
        rows = [np.asarray(route, dtype=np.int64).ravel() for route in routes]
        violations = tuple(_structure(self._problem, rows))
        if violations:
            return Timed(None, violations)
        if self._model is None:
            self._model = model_of(self._problem)
        board = board_of(self._problem, self._model, rows)
        violations = tuple(_times(self._problem, self._model, board))
        if violations:
            return Timed(None, violations)
        return Timed(solution_of(self._problem, self._model, board))

    def alone(self, vehicle: int, row: Ints) -> Rule:
        """The first rule that a route breaks by itself: nothing is asked of crews and order.

        Nor how long it may be, where a higher bound may still shorten it.
        """
        if (row >= self._problem.visit_count).all():
            return Rule.FINE
        if self._model is None:
            self._model = model_of(self._problem)
        if self._spare is None or self._spare.sequence.shape[1] <= len(row):
            empty = [row[:0]] * self._problem.vehicle_count
            empty[vehicle] = row
            self._spare = empty_board(self._model, row_length(self._problem, empty))
        set_route(self._problem, self._spare, vehicle, row)
        return _CODES[int(time_route(self._model, self._spare, vehicle))]


def time_routes(problem: Problem, routes: Sequence[npt.ArrayLike]) -> Timed:
    """Time routes from scratch and check every rule.

    Parameters
    ----------
    routes
        For each vehicle its activities, as in :attr:`Solution.routes`. The breaks of a vehicle
        may be left out where it has no visit.
    """
    return Timekeeper(problem).time(routes)


def board_of(problem: Problem, model: Model, routes: Sequence[Ints]) -> Board:
    """A board with these routes, not yet timed; a vehicle without visits keeps its breaks."""
    board = empty_board(model, row_length(problem, routes))
    for vehicle, row in enumerate(routes):
        set_route(problem, board, vehicle, row)
    return board


def set_route(problem: Problem, board: Board, vehicle: int, row: Ints) -> None:
    """Put a route on a board, not yet timed; without visits nothing is changed."""
    visits = row[row < problem.visit_count]
    if not len(visits):
        return
    board.sequence[vehicle, : len(row)] = row
    board.routes[vehicle, LENGTH] = len(row)
    board.routes[vehicle, VISITS] = len(visits)
    board.load[vehicle] = problem.visits.load[visits].sum(axis=0)
    board.stops[visits, VEHICLE] = vehicle


def solution_of(problem: Problem, model: Model, board: Board) -> Solution:
    """What a settled board says, with the exact cost by component."""
    arrive = np.full(problem.visit_count, ABSENT, dtype=np.int64)
    break_start = np.full(problem.break_count, ABSENT, dtype=np.int64)
    note_arrivals(model, board, arrive, break_start)
    served = board.stops[:, VEHICLE] != ABSENT
    used = board.routes[:, VISITS] > 0
    routes = tuple(
        board.sequence[vehicle, : board.routes[vehicle, LENGTH] if used[vehicle] else 0].copy()
        for vehicle in range(problem.vehicle_count)
    )
    return Solution(
        routes=routes,
        vehicle=board.stops[:, VEHICLE].copy(),
        arrive_s=arrive,
        start_s=np.where(served, board.stops[:, START], ABSENT),
        end_s=np.where(served, board.stops[:, END], ABSENT),
        break_start_s=break_start,
        depart_s=np.where(used, board.routes[:, DEPART], ABSENT),
        finish_s=np.where(used, board.routes[:, FINISH], ABSENT),
        costs=costs_of(problem, model, board),
    )


def costs_of(problem: Problem, model: Model, board: Board) -> Ints:
    """The cost by component, (cost parts,) in cost units."""
    vehicles, visits = problem.vehicles, problem.visits
    used = board.routes[:, VISITS] > 0
    served = np.flatnonzero(board.stops[:, VEHICLE] != ABSENT)
    late = np.maximum(0, board.stops[served, END] - visits.due_s[served])
    choosy = served[np.diff(visits.preferred.offset)[served] > 0]
    missed = [
        preferred_miss_s(model, int(visit), int(board.stops[visit, START])) for visit in choosy
    ]
    overtime = np.maximum(0, board.routes[:, FINISH] - vehicles.end_s)
    groups_served = np.zeros(problem.group_count, dtype=np.bool_)
    groups_served[visits.group[served]] = True
    costs = np.zeros(len(CostPart), dtype=np.int64)
    costs[CostPart.USE] = vehicles.use_price[used].sum()
    costs[CostPart.TRAVEL] = (vehicles.travel_price * board.routes[:, TRAVEL])[used].sum()
    costs[CostPart.DISTANCE] = (vehicles.distance_price * board.routes[:, DISTANCE])[used].sum()
    costs[CostPart.TIME] = (
        vehicles.time_price * (board.routes[:, FINISH] - board.routes[:, DEPART])
    )[used].sum()
    costs[CostPart.OVERTIME] = (vehicles.overtime_price * overtime)[used].sum()
    costs[CostPart.ASSIGN] = visits.assign_price[served, board.stops[served, VEHICLE]].sum()
    costs[CostPart.LATENESS] = (visits.lateness_price[served] * late).sum()
    costs[CostPart.PREFERRED] = (
        visits.preferred_price[choosy] * np.asarray(missed, dtype=np.int64)
    ).sum()
    costs[CostPart.WORST_LATENESS] = problem.worst_lateness_price * late.max(initial=0)
    costs[CostPart.UNSERVED] = problem.unserved_price[~groups_served].sum()
    costs[CostPart.PROMISE] = sum(
        promise_price(model, int(visit), int(board.stops[visit, START]))
        for visit in problem.published.visit
        if board.stops[visit, VEHICLE] != ABSENT
    )
    costs[CostPart.ORDER] = _order_costs(problem, board)
    beyond = np.maximum(0, board.routes[:, WORK] - vehicles.fair_share_s)
    costs[CostPart.UNFAIRNESS] = (vehicles.unfairness_price * beyond)[used].sum()
    costs.setflags(write=False)
    return costs


def _order_costs(problem: Problem, board: Board) -> int:
    """Of published visits behind one of their route that was to come after them."""
    published = problem.published
    row_of = dict(zip(published.visit.tolist(), range(len(published.visit)), strict=True))
    cost = 0
    for vehicle in np.unique(published.vehicle[published.vehicle != NOWHERE]).tolist():
        row = board.sequence[vehicle, : board.routes[vehicle, LENGTH]].tolist()
        rows = [row_of[visit] for visit in row if visit in row_of]
        stayed = np.asarray([at for at in rows if published.vehicle[at] == vehicle], dtype=np.int64)
        rank = published.rank[stayed]
        behind = rank < np.maximum.accumulate(rank)
        cost += int(published.order_price[stayed][behind].sum())
    return cost


def _structure(problem: Problem, rows: Sequence[Ints]) -> Iterator[Violation]:
    if len(rows) != problem.vehicle_count:
        yield Violation(Rule.UNKNOWN, vehicle=len(rows))
        return
    seen = np.zeros(problem.visit_count + problem.break_count, dtype=np.int64)
    for vehicle, row in enumerate(rows):
        if ((row < 0) | (row >= len(seen))).any():
            yield Violation(Rule.UNKNOWN, vehicle=vehicle)
            return
        np.add.at(seen, row, 1)
    served = np.flatnonzero(seen[: problem.visit_count])
    for visit in np.flatnonzero(seen[: problem.visit_count] > 1):
        yield Violation(Rule.TWICE, visit=int(visit))
    vehicle_of = np.full(problem.visit_count, ABSENT, dtype=np.int64)
    for vehicle, row in enumerate(rows):
        yield from _row(problem, vehicle, row)
        vehicle_of[row[row < problem.visit_count]] = vehicle
    yield from _groups(problem, served, vehicle_of)
    for before, after in zip(problem.links.before, problem.links.after, strict=True):
        if vehicle_of[after] != ABSENT and vehicle_of[before] == ABSENT:
            yield Violation(Rule.UNMET_LINK, visit=int(after))


def _row(problem: Problem, vehicle: int, row: Ints) -> Iterator[Violation]:
    visits = row[row < problem.visit_count]
    if not len(visits):
        return
    wanted = np.flatnonzero(problem.breaks.vehicle == vehicle) + problem.visit_count
    if sorted(row[row >= problem.visit_count].tolist()) != wanted.tolist():
        yield Violation(Rule.MISSING_BREAK, vehicle=vehicle)
    for visit in visits[~problem.visits.allowed[visits, vehicle]]:
        yield Violation(Rule.NOT_ALLOWED, vehicle=vehicle, visit=int(visit))


def _groups(problem: Problem, served: Ints, vehicle_of: Ints) -> Iterator[Violation]:
    group = problem.visits.group
    size = np.bincount(group, minlength=problem.group_count)
    there = np.bincount(group[served], minlength=problem.group_count)
    for visit in served[there[group[served]] < size[group[served]]]:
        yield Violation(Rule.PARTLY_SERVED, visit=int(visit))
    owners = problem.vehicles.owner[vehicle_of[served]]
    pairs = list(zip(group[served].tolist(), owners.tolist(), strict=True))
    if len(set(pairs)) == len(pairs):
        return
    known: set[tuple[int, int]] = set()
    for visit, pair in zip(served.tolist(), pairs, strict=True):
        if pair in known:
            yield Violation(Rule.SAME_OWNER, visit=visit)
        known.add(pair)


def _times(problem: Problem, model: Model, board: Board) -> Iterator[Violation]:
    code = settle_all(model, board)
    if code:
        rule = _CODES[code]
        too_long = _too_long(problem, model, board) if rule in _LONGEST else ()
        yield from _alone(problem, model, board) or too_long or (Violation(rule),)
        return
    for visit in _broken_links(problem, board):
        yield Violation(Rule.LINK, visit=visit)


def _too_long(problem: Problem, model: Model, board: Board) -> tuple[Violation, ...]:
    """Each route of a settled board that is longer than it may be."""
    codes = [int(over_longest(model, board, at)) for at in range(problem.vehicle_count)]
    return tuple(Violation(_CODES[code], vehicle=at) for at, code in enumerate(codes) if code)


def _alone(problem: Problem, model: Model, board: Board) -> tuple[Violation, ...]:
    """Each route that breaks a rule whatever the others do."""
    board.stops[:, BOUND] = 0
    codes = [int(time_route(model, board, vehicle)) for vehicle in range(problem.vehicle_count)]
    return tuple(
        Violation(_CODES[code], vehicle=vehicle) for vehicle, code in enumerate(codes) if code
    )


def _broken_links(problem: Problem, board: Board) -> list[int]:
    """A visit that could not move (its window, its route) may leave a longest delay broken."""
    links = problem.links
    both = (board.stops[links.before, VEHICLE] != ABSENT) & (
        board.stops[links.after, VEHICLE] != ABSENT
    )
    base = np.where(
        links.from_end, board.stops[links.before, END], board.stops[links.before, START]
    )
    delay = board.stops[links.after, START] - base
    wrong = (delay < links.min_delay_s) | (
        (links.max_delay_s < NEVER) & (delay > links.max_delay_s)
    )
    return [int(visit) for visit in links.after[both & wrong]]

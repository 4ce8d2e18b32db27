"""Why a plan changes what was published: what it would take to keep it, all else as planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.domain.money import amount
from dispatch.domain.plan import CostKind, Plan, Reason
from dispatch.planning.changes import Change, changes
from dispatch.planning.compile import Compiled
from dispatch.planning.compile.visits import ways_of
from dispatch.planning.explain.routes import Routes
from dispatch.planning.explain.trial import Trial
from dispatch.planning.horizon import Span
from dispatch.planning.rules.eligibility import Ways
from dispatch.planning.rules.pair import near_miss
from dispatch.planning.rules.reach import Way
from dispatch.planning.rules.rule import Miss
from dispatch.solver.problem import COST_SCALE
from dispatch.solver.quickest import quickest_s


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """A change, and why it was not avoided."""

    change: Change
    reason: Reason


def explain_changes(compiled: Compiled, plan: Plan) -> tuple[ExplainedChange, ...]:
    """Every change of the published schedule, with the rule that keeping it would break.

    Where no rule stands against it, the reason says how much dearer keeping it would be. The visit
    is tried at every place of the route concerned; the other visits stay where they are.
    """
    keeping = _Keeping.of(compiled, plan)
    return tuple(
        ExplainedChange(change, keeping.reason(change)) for change in changes(compiled.day, plan)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Keeping:
    compiled: Compiled
    routes: Routes
    ways: Ways
    visits: dict[tuple[str, int], int]
    vehicles: dict[tuple[str, str], int]

    @staticmethod
    def of(compiled: Compiled, plan: Plan) -> _Keeping:
        problem = compiled.problem
        quickest = quickest_s(problem.travel_s, problem.speeds)
        return _Keeping(
            compiled,
            Routes.of(compiled, plan),
            ways_of(problem.vehicles, problem.visits.place, quickest),
            {(visit.job.id, visit.seat): at for at, visit in enumerate(compiled.visits)},
            {(duty.technician.id, duty.shift.id): at for at, duty in enumerate(compiled.duties)},
        )

    def reason(self, change: Change) -> Reason:
        visit = self.visits[change.job, change.seat]
        vehicle = self.vehicles[change.technician, change.shift]
        without = self.routes.without(visit, vehicle)
        now = self.routes.costs[vehicle] - without.costs[vehicle]
        trials = list(self._trials(change, without, visit, vehicle))
        kept = [trial.cost for trial in trials if trial.miss is None]
        if kept:
            return self._priced(min(kept) - now).reason()
        misses = [trial.miss for trial in trials if trial.miss is not None]
        return min(misses, key=lambda miss: miss.gap).reason()

    def _trials(self, change: Change, without: Routes, visit: int, vehicle: int) -> Iterator[Trial]:
        """The visit as it was published, and what comes of it."""
        if change.kind is CostKind.TECHNICIAN_SWAPPED:
            yield from self._by_technician(without, visit)
        elif change.kind is CostKind.PROMISE_MOVED:
            published = self.compiled.problem.published
            row = int(published.visit.searchsorted(visit))
            promise = Span(int(published.promised_start_s[row]), int(published.promised_end_s[row]))
            yield _promised(change, without.best(visit, vehicle, promise))
        else:
            yield without.in_order(visit, vehicle)

    def _by_technician(self, without: Routes, visit: int) -> Iterator[Trial]:
        """In each of the shifts of whoever was to come."""
        asked = self.compiled.visits[visit]
        told = asked.published.technician if asked.published else ""
        theirs = [at for (technician, _), at in self.vehicles.items() if technician == told]
        if not theirs:
            shifts = self.compiled.day.technicians_by_id[told].shifts
            yield Trial(miss=Miss("shift.away" if shifts else "shift.none"))
        for vehicle in theirs:
            way = Way(int(self.ways.out_s[visit, vehicle]), int(self.ways.back_s[visit, vehicle]))
            duty, policy = self.compiled.duties[vehicle], self.compiled.day.policy
            near = near_miss(asked, duty, policy, way)
            yield without.best(visit, vehicle) if near is None else Trial(miss=near.miss)

    def _priced(self, extra: int) -> Miss:
        currency = self.compiled.day.policy.currency
        minor = -(-abs(extra) // COST_SCALE)
        code = "change.dearer" if extra > 0 else "change.possible"
        return Miss(code, {"extra": amount(minor, currency)})


def _promised(change: Change, trial: Trial) -> Trial:
    """What is told of a visit that cannot start by the end of its promise."""
    miss = trial.miss
    if miss is None or miss.code != "route.tied" or miss.values.get("job") != change.job:
        return trial
    return Trial(miss=Miss("change.late", {"minutes": miss.values["minutes"]}, miss.gap))

"""Why a job is left out: a line for the customer, then what stopped each technician."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dispatch.domain.job import Job
from dispatch.domain.money import amount
from dispatch.domain.plan import Plan, Reason, Unassigned
from dispatch.domain.technician import Technician
from dispatch.errors import Value
from dispatch.planning.compile import Compiled
from dispatch.planning.compile.visits import ways_of
from dispatch.planning.explain.crews import cost_of_crew
from dispatch.planning.explain.routes import Routes
from dispatch.planning.explain.stage import SUMMARIES, Stage, stage_of
from dispatch.planning.rules.eligibility import Ways
from dispatch.planning.rules.pair import near_miss
from dispatch.planning.rules.reach import Way
from dispatch.planning.rules.rule import Miss
from dispatch.planning.score import unserved_minor
from dispatch.solver.problem import COST_SCALE
from dispatch.solver.quickest import quickest_s


def explain(
    compiled: Compiled, plan: Plan, progress: Callable[[float], None] | None = None
) -> tuple[Unassigned, ...]:
    """The plan's jobs left out, each with its reasons.

    The first reason sums the job up and has a sentence for the customer as well. Then follows
    for each technician the first rule that fails, those who came nearest first. Where no rule of
    the job itself fails, the visit is tried at every place of the technician's routes as they
    stand.

    Parameters
    ----------
    progress
        Called with the part done.
    """
    explaining = _Explaining.of(compiled, plan)
    explained = []
    for done, left_out in enumerate(plan.unassigned, start=1):
        explained.append(Unassigned(job=left_out.job, reasons=explaining.reasons(left_out.job)))
        if progress is not None:
            progress(done / len(plan.unassigned))
    return tuple(explained)


@dataclass(frozen=True, slots=True)
class _Near:
    """How a technician came nearest to a job."""

    technician: str
    miss: Miss

    @property
    def stage(self) -> Stage:
        return stage_of(self.miss.code)

    @property
    def farness(self) -> tuple[float, float]:
        return (-self.stage, self.miss.gap)

    @property
    def reason(self) -> Reason:
        return self.miss.reason(self.technician)


@dataclass(frozen=True, slots=True, eq=False)
class _Explaining:
    compiled: Compiled
    plan: Plan
    routes: Routes
    ways: Ways
    seats: dict[str, list[int]]
    """By job, its visits in the problem."""
    duties: dict[str, list[int]]
    """By technician, their vehicles in the problem."""

    @staticmethod
    def of(compiled: Compiled, plan: Plan) -> _Explaining:
        seats: dict[str, list[int]] = {}
        for at, visit in enumerate(compiled.visits):
            seats.setdefault(visit.job.id, []).append(at)
        duties: dict[str, list[int]] = {}
        for at, duty in enumerate(compiled.duties):
            duties.setdefault(duty.technician.id, []).append(at)
        problem = compiled.problem
        quickest = quickest_s(problem.travel_s, problem.speeds)
        ways = ways_of(problem.vehicles, problem.visits.place, quickest)
        return _Explaining(compiled, plan, Routes.of(compiled, plan), ways, seats, duties)

    def reasons(self, job_id: str) -> tuple[Reason, ...]:
        """The summary, then technician by technician."""
        job = self.compiled.day.jobs_by_id[job_id]
        nears = [self._nearest(job, technician) for technician in self.compiled.day.technicians]
        nears.sort(key=lambda near: near.farness)
        return (self._summary(job, nears), *(near.reason for near in nears))

    def _nearest(self, job: Job, technician: Technician) -> _Near:
        """The best of all their shifts and of all seats of the job."""
        misses = [
            _Near(technician.id, self._miss(job, visit, vehicle))
            for vehicle in self.duties.get(technician.id, ())
            for visit in self.seats[job.id]
        ]
        if misses:
            return min(misses, key=lambda near: near.farness)
        return _Near(technician.id, Miss("shift.away" if technician.shifts else "shift.none"))

    def _miss(self, job: Job, visit: int, vehicle: int) -> Miss:
        problem = self.compiled.problem
        if not problem.visits.allowed[visit, vehicle]:
            way = Way(int(self.ways.out_s[visit, vehicle]), int(self.ways.back_s[visit, vehicle]))
            seat, duty = self.compiled.visits[visit], self.compiled.duties[vehicle]
            near = near_miss(seat, duty, self.compiled.day.policy, way)
            if near is not None:
                return near.miss
        trial = self.routes.best(visit, vehicle)
        if trial.miss is not None:
            return trial.miss
        if len(self.seats[job.id]) > 1 or self._left_out_before(job) is not None:
            # It does not hang on this technician alone, so a price says nothing.
            return Miss("free")
        return self._priced(job, trial.cost)

    def _priced(self, job: Job, cost: int) -> Miss:
        """It could be done: at a price above that of leaving it out, or it was not found."""
        extra, worth = -(-cost // COST_SCALE), unserved_minor(self.compiled.day, job)
        currency = self.compiled.day.policy.currency
        values: dict[str, Value] = {
            "extra": amount(extra, currency),
            "worth": amount(worth, currency),
        }
        return Miss("cost" if extra > worth else "possible", values, extra)

    def _summary(self, job: Job, nears: Sequence[_Near]) -> Reason:
        before = self._left_out_before(job)
        if before is not None:
            return Reason(code="job.before", values={"before": before})
        if not nears:
            return Reason(code="job.nobody-works")
        best = nears[0]
        miss, stage = best.miss, best.stage
        if stage >= Stage.TOO_DEAR and len(self.seats[job.id]) > 1:
            # Somebody could take a seat; so it hangs on the others, or on the price of all.
            together = self._crew_miss(job)
            if together is None:
                return Reason(code="job.crew", values={"seats": len(self.seats[job.id])})
            miss, stage = together, stage_of(together.code)
        people = sum(near.stage == best.stage for near in nears)
        values: dict[str, Value] = {"people": people, "nearest": best.technician}
        if stage >= Stage.TOO_DEAR:
            values |= miss.values
        return Reason(code=SUMMARIES[stage], values=values)

    def _crew_miss(self, job: Job) -> Miss | None:
        """The price of the whole crew; None if it can never be together."""
        group = int(self.compiled.problem.visits.group[self.seats[job.id][0]])
        cost = cost_of_crew(self.routes, group)
        return None if cost is None else self._priced(job, cost)

    def _left_out_before(self, job: Job) -> str | None:
        left_out = {unassigned.job for unassigned in self.plan.unassigned}
        return next((entry.job for entry in job.dependencies if entry.job in left_out), None)


__all__ = ["explain"]

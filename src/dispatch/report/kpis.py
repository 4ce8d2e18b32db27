"""The figures of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan, Route
from dispatch.domain.technician import Technician
from dispatch.report.phases import PhaseKind, phases


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What one technician does, or all together. Workloads add up."""

    routes: int = 0
    """Shifts with work."""
    visits: int = 0
    travel_s: int = 0
    distance_m: int = 0
    setup_s: int = 0
    work_s: int = 0
    """At the site, without setup."""
    wait_s: int = 0
    """Between leaving and being back, and nothing else."""
    break_s: int = 0
    late_visits: int = 0
    """Visits that end past their SLA due."""
    lateness_s: int = 0
    """Summed over the visits."""
    overtime_s: int = 0
    route_s: int = 0
    """From leaving to being back."""
    shift_s: int = 0
    """Length of the shifts with work."""

    def __add__(self, other: Workload) -> Workload:
        return Workload(
            **{
                entry.name: getattr(self, entry.name) + getattr(other, entry.name)
                for entry in fields(self)
            }
        )

    @property
    def utilisation(self) -> float:
        """Setup and work as a part of the shifts with work; 0 without any."""
        return (self.setup_s + self.work_s) / self.shift_s if self.shift_s else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpis:
    """The figures of a plan."""

    jobs: int
    jobs_served: int
    """Every visit of the job is planned."""
    jobs_left_out: int
    technicians: int
    """With at least one shift."""
    technicians_used: int
    total: Workload
    by_technician: Mapping[str, Workload]
    """By technician's id, in the day's order; only those with work."""
    currency: str
    costs_minor: Mapping[CostKind, int]
    cost_minor: int


def kpis(day: Day, plan: Plan) -> Kpis:
    """The figures of ``plan``, which must fit ``day`` (:func:`dispatch.report.fit.check_fit`)."""
    loads: dict[str, Workload] = {}
    for route in plan.routes:
        load = workload(route, day.technicians_by_id[route.technician])
        loads[route.technician] = loads.get(route.technician, Workload()) + load
    served = _served(day, plan)
    return Kpis(
        jobs=len(day.jobs),
        jobs_served=served,
        jobs_left_out=len(day.jobs) - served,
        technicians=sum(bool(technician.shifts) for technician in day.technicians),
        technicians_used=len(loads),
        total=sum(loads.values(), Workload()),
        by_technician={who.id: loads[who.id] for who in day.technicians if who.id in loads},
        currency=plan.currency,
        costs_minor=plan.costs_minor,
        cost_minor=plan.cost_minor,
    )


def workload(route: Route, technician: Technician) -> Workload:
    """What ``technician`` does on one route."""
    spent: Counter[PhaseKind] = Counter()
    for phase in phases(route, route.depart):
        spent[phase.kind] += phase.duration_s
    shift = next(shift for shift in technician.shifts if shift.id == route.shift)
    return Workload(
        routes=1,
        visits=len(route.visits),
        travel_s=spent[PhaseKind.TRAVEL],
        distance_m=sum(leg.distance_m for leg in route.legs),
        setup_s=spent[PhaseKind.SETUP],
        work_s=spent[PhaseKind.WORK],
        wait_s=spent[PhaseKind.WAIT],
        break_s=spent[PhaseKind.BREAK],
        late_visits=sum(visit.lateness_s > 0 for visit in route.visits),
        lateness_s=sum(visit.lateness_s for visit in route.visits),
        overtime_s=route.overtime_s,
        route_s=elapsed_s(route.depart, route.finish),
        shift_s=elapsed_s(shift.start, shift.end),
    )


def _served(day: Day, plan: Plan) -> int:
    seats = {(visit.job, visit.seat) for route in plan.routes for visit in route.visits}
    return sum(
        all((job.id, seat) in seats for seat in range(len(day.seats(job)))) for job in day.jobs
    )

"""Whether the plan speaks of this day, and of what this day has."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, PlannedVisit, Route
from dispatch.planning.verify.facts import KnownRoute, Stop
from dispatch.planning.verify.fault import Fault


def misnamed(day: Day, plan: Plan) -> Iterator[Fault]:
    """Names that the day does not have, and routes named twice."""
    if plan.day != day.id:
        yield Fault(code="plan.day", values={"expected": day.id, "found": plan.day})
    if plan.currency != day.policy.currency:
        values = {"expected": day.policy.currency, "found": plan.currency}
        yield Fault(code="plan.currency", values=values)
    for left_out in plan.unassigned:
        if not _has_job(day, left_out.job):
            yield Fault(code="job.unknown", job=left_out.job)
    seen: set[tuple[str, str]] = set()
    for route in plan.routes:
        if (route.technician, route.shift) in seen:
            yield _on(route, "route.twice")
        seen.add((route.technician, route.shift))
        yield from _misnamed_on(day, route)


def known_routes(day: Day, plan: Plan) -> Iterator[KnownRoute]:
    """What is left of the plan without the names that :func:`misnamed` reports."""
    for route in plan.routes:
        technician = day.technicians_by_id.get(route.technician)
        shifts = technician.shifts if technician else ()
        shift = next((shift for shift in shifts if shift.id == route.shift), None)
        if technician and shift:
            stops = tuple(_stop(day, visit) for visit in route.visits if _has_seat(day, visit))
            yield KnownRoute(route, technician, shift, stops)


def _misnamed_on(day: Day, route: Route) -> Iterator[Fault]:
    technician = day.technicians_by_id.get(route.technician)
    if technician is None:
        yield _on(route, "technician.unknown")
    elif all(shift.id != route.shift for shift in technician.shifts):
        yield _on(route, "shift.unknown")
    for visit in route.visits:
        if not _has_job(day, visit.job):
            yield _on(route, "job.unknown", visit)
        elif not _has_seat(day, visit):
            yield _on(route, "seat.unknown", visit)


def _on(route: Route, code: str, visit: PlannedVisit | None = None) -> Fault:
    return Fault(
        code=code,
        technician=route.technician,
        shift=route.shift,
        job=visit.job if visit else None,
        values={"seat": visit.seat} if visit else {},
    )


def _has_job(day: Day, name: str) -> bool:
    job = day.jobs_by_id.get(name)
    return job is not None and job.type in day.job_types_by_id and job.site in day.sites_by_id


def _has_seat(day: Day, visit: PlannedVisit) -> bool:
    return _has_job(day, visit.job) and visit.seat < len(day.seats(day.jobs_by_id[visit.job]))


def _stop(day: Day, visit: PlannedVisit) -> Stop:
    job = day.jobs_by_id[visit.job]
    return Stop(
        planned=visit,
        job=job,
        type=day.job_types_by_id[job.type],
        site=day.sites_by_id[job.site],
        seat=day.seats(job)[visit.seat],
        ended_on=visit.end.astimezone(day.zone_info).date(),
    )

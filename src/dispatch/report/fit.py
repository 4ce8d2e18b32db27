"""Whether a plan speaks of things that its day has."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Route
from dispatch.errors import Finding, InvalidInput, Place


def check_fit(day: Day, plan: Plan) -> None:
    """Refuse a plan that names technicians, shifts or jobs which its day does not have.

    Nothing is said about whether the plan is right: that is the verifier's word.

    Raises
    ------
    InvalidInput
        ``report.unknown-*``, one finding for each name, with its place in the plan.
    """
    findings = [*_unknown_on_routes(day, plan), *_unknown_left_out(day, plan)]
    if findings:
        raise InvalidInput(findings)


def _unknown_on_routes(day: Day, plan: Plan) -> Iterator[Finding]:
    for index, route in enumerate(plan.routes):
        pointer = f"/routes/{index}"
        technician = day.technicians_by_id.get(route.technician)
        if technician is None:
            yield _unknown("technician", route.technician, f"{pointer}/technician")
        elif not any(shift.id == route.shift for shift in technician.shifts):
            yield _unknown("shift", route.shift, f"{pointer}/shift")
        yield from _unknown_visits(day, route, pointer)


def _unknown_visits(day: Day, route: Route, pointer: str) -> Iterator[Finding]:
    for index, visit in enumerate(route.visits):
        if not _known_job(day, visit.job):
            yield _unknown("job", visit.job, f"{pointer}/visits/{index}/job")


def _unknown_left_out(day: Day, plan: Plan) -> Iterator[Finding]:
    for index, left_out in enumerate(plan.unassigned):
        if not _known_job(day, left_out.job):
            yield _unknown("job", left_out.job, f"/unassigned/{index}/job")


def _known_job(day: Day, name: str) -> bool:
    job = day.jobs_by_id.get(name)
    return job is not None and job.site in day.sites_by_id and job.type in day.job_types_by_id


def _unknown(kind: str, name: str, pointer: str) -> Finding:
    return Finding(f"report.unknown-{kind}", Place(pointer=pointer), {"name": name})

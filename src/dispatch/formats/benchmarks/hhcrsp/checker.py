"""Checks a plan of the home health care set by recomputing it from the instance alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from dispatch.errors import Finding, Place, Value
from dispatch.formats.benchmarks.hhcrsp.model import (
    OFFICE,
    CareDay,
    CarePlan,
    Carer,
    CareVisit,
    Patient,
)
from dispatch.formats.benchmarks.instance import CheckedCost


@dataclass(frozen=True, slots=True)
class _Stop:
    """A visit that exists in the instance, with who makes it."""

    visit: CareVisit
    row: int
    """Of the patient in the travel matrix."""
    patient: Patient
    carer: Carer

    @property
    def tardiness_min(self) -> float:
        return max(0.0, self.visit.start_min - self.patient.latest_min)


def check(day: CareDay, plan: CarePlan) -> CheckedCost:
    """Recompute rules and cost.

    The cost is (total travel + total tardiness + largest tardiness) / 3, in minutes. A patient
    with neither service given is unserved; one with only one of two breaks a rule as well.
    """
    tolerance_min = day.tolerance_min
    routes, errors = _known_stops(day, plan)
    for stops in routes:
        errors += _route_errors(day, stops, tolerance_min)
    given: dict[tuple[str, str], list[_Stop]] = {}
    for stop in chain.from_iterable(routes):
        given.setdefault((stop.patient.id, stop.visit.service), []).append(stop)
    for patient in day.patients:
        services = [given.get((patient.id, service.id), []) for service in patient.services]
        errors += _patient_errors(patient, services, tolerance_min)
    return CheckedCost(_cost(day, routes), _unserved(day, given.keys()), tuple(errors))


def _known_stops(day: CareDay, plan: CarePlan) -> tuple[list[list[_Stop]], list[Finding]]:
    """The stops of each known carer; carers, patients and services that do not exist are errors."""
    carers = {carer.id: carer for carer in day.carers}
    patients = {patient.id: (row, patient) for row, patient in enumerate(day.patients, OFFICE + 1)}
    needed = {(each.id, service.id) for each in day.patients for service in each.services}
    routes: list[list[_Stop]] = []
    errors: list[Finding] = []
    seen: set[str] = set()
    for index, route in enumerate(plan.routes):
        place = Place(pointer=f"/routes/{index}")
        if route.carer in seen:
            errors.append(Finding("bench.check.carer.repeated", place, {"carer": route.carer}))
        seen.add(route.carer)
        carer = carers.get(route.carer)
        if carer is None:
            errors.append(Finding("bench.check.carer.unknown", place, {"carer": route.carer}))
            continue
        known, unknown = _parted(route.visits, needed)
        routes.append([_Stop(visit, *patients[visit.patient], carer) for visit in known])
        errors += [_unknown(visit, place) for visit in unknown]
    return routes, errors


def _parted(
    visits: Iterable[CareVisit], needed: Collection[tuple[str, str]]
) -> tuple[list[CareVisit], list[CareVisit]]:
    """Visits that some patient needs, and the others."""
    known: list[CareVisit] = []
    unknown: list[CareVisit] = []
    for visit in visits:
        (known if (visit.patient, visit.service) in needed else unknown).append(visit)
    return known, unknown


def _unknown(visit: CareVisit, place: Place) -> Finding:
    values = {"patient": visit.patient, "service": visit.service}
    return Finding("bench.check.visit.unknown", place, values)


def _cost(day: CareDay, routes: list[list[_Stop]]) -> float:
    travel_min = 0.0
    for stops in routes:
        rows = [OFFICE, *(stop.row for stop in stops), OFFICE]
        travel_min += sum(float(day.travel_min[leg]) for leg in pairwise(rows))
    tardiness = [stop.tardiness_min for stop in chain.from_iterable(routes)]
    return (travel_min + sum(tardiness) + max(tardiness, default=0.0)) / 3


def _unserved(day: CareDay, given: Collection[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(
        patient.id
        for patient in day.patients
        if any((patient.id, service.id) not in given for service in patient.services)
    )


def _route_errors(day: CareDay, stops: list[_Stop], tolerance_min: float) -> Iterator[Finding]:
    """Ability, earliest start, travel and duration along one route."""
    free_min, here = 0.0, OFFICE
    for stop in stops:
        ready_min = free_min + float(day.travel_min[here, stop.row])
        yield from _stop_errors(stop, ready_min, tolerance_min)
        free_min, here = stop.visit.end_min, stop.row


def _stop_errors(stop: _Stop, ready_min: float, tolerance_min: float) -> Iterator[Finding]:
    visit, patient, carer = stop.visit, stop.patient, stop.carer
    named: dict[str, Value] = {
        "carer": carer.id,
        "patient": patient.id,
        "service": visit.service,
        "start": visit.start_min,
    }
    if visit.service not in carer.abilities:
        yield Finding("bench.check.ability", values=named)
    if visit.start_min < patient.earliest_min - tolerance_min:
        yield Finding("bench.check.early", values=named | {"earliest": patient.earliest_min})
    if visit.start_min < ready_min - tolerance_min:
        yield Finding("bench.check.travel", values=named | {"ready": ready_min})
    needed = next(each.duration_min for each in patient.services if each.id == visit.service)
    lasts = visit.end_min - visit.start_min
    if abs(lasts - needed) > tolerance_min:
        yield Finding("bench.check.duration", values=named | {"lasts": lasts, "needed": needed})


def _patient_errors(
    patient: Patient, services: list[list[_Stop]], tolerance_min: float
) -> Iterator[Finding]:
    """Each service once; both or neither; and the two in step."""
    for service, stops in zip(patient.services, services, strict=True):
        if len(stops) > 1:
            values: dict[str, Value] = {
                "patient": patient.id,
                "service": service.id,
                "count": len(stops),
            }
            yield Finding("bench.check.visit.repeated", values=values)
    if len({bool(stops) for stops in services}) > 1:
        yield Finding("bench.check.visit.half", values={"patient": patient.id})
    pair = [stops[0] for stops in services if stops]
    if len(pair) > 1:
        yield from _pair_errors(patient, pair[0], pair[1], tolerance_min)


def _pair_errors(
    patient: Patient, first: _Stop, second: _Stop, tolerance_min: float
) -> Iterator[Finding]:
    delay = second.visit.start_min - first.visit.start_min
    least, most = patient.delay_min
    if not least - tolerance_min <= delay <= most + tolerance_min:
        values: dict[str, Value] = {
            "patient": patient.id,
            "delay": delay,
            "least": least,
            "most": most,
        }
        yield Finding("bench.check.delay", values=values)
    if patient.synchronization == "simultaneous" and first.carer is second.carer:
        both = {"patient": patient.id, "carer": first.carer.id}
        yield Finding("bench.check.together", values=both)

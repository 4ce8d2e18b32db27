"""Reads and writes solution files of the home health care set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dispatch.formats.benchmarks.hhcrsp.model import CarePlan, CareRoute, CareVisit
from dispatch.formats.benchmarks.json_fields import JsonFields, Record


def read_solution(path: Path) -> CarePlan:
    """Read ``routes[].locations[]``.

    Raises
    ------
    InvalidInput
        The file is not a solution of this set; every problem is listed.
    """
    fields = JsonFields(path)
    routes = tuple(
        _route(fields, record, pointer)
        for pointer, record in fields.records(fields.root, "routes", "")
    )
    fields.refuse_if_wrong()
    return CarePlan(routes)


def _route(fields: JsonFields, record: Record, pointer: str) -> CareRoute:
    carer = fields.text(record, "caregiver_id", pointer)
    if record.get("locations") is None:  # how the set writes a carer who stays at the office
        return CareRoute(carer, ())
    stops = fields.records(record, "locations", pointer)
    return CareRoute(carer, tuple(_visit(fields, stop, place) for place, stop in stops))


def _visit(fields: JsonFields, record: Record, pointer: str) -> CareVisit:
    return CareVisit(
        patient=fields.text(record, _spelled("patient", record), pointer),
        service=fields.text(record, _spelled("service", record), pointer),
        start_min=fields.number(record, "arrival_time", pointer),
        end_min=fields.number(record, "departure_time", pointer),
    )


def _spelled(name: str, record: Record) -> str:
    # The set's small example says patient_id, its other files say patient.
    longer = f"{name}_id"
    return longer if longer in record else name


def write_solution(plan: CarePlan, path: Path) -> None:
    """Write a plan as the set's own solution file."""
    starts = sorted(
        (visit.start_min, visit.patient) for route in plan.routes for visit in route.visits
    )
    content = {
        "routes": [_written(route) for route in plan.routes],
        "global_ordering": list(dict.fromkeys(patient for _, patient in starts)),
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _written(route: CareRoute) -> dict[str, Any]:
    return {
        "caregiver_id": route.carer,
        "locations": [
            {
                "patient": visit.patient,
                "service": visit.service,
                "arrival_time": visit.start_min,
                "departure_time": visit.end_min,
            }
            for visit in route.visits
        ],
    }

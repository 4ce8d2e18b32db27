"""Reads an instance file of the home health care set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.formats.benchmarks.hhcrsp.model import (
    CareDay,
    Carer,
    Patient,
    Service,
    Synchronization,
)
from dispatch.formats.benchmarks.json_fields import (
    LARGEST_NUMBER,
    JsonFields,
    Record,
    unique,
)

EXTENDED_FIELDS = ("departing_points", "working_shift", "incompatible_caregivers")
"""Fields of the extended set, whose cost has no published weights."""


def read_instance(path: Path) -> CareDay:
    """Read an instance.

    Raises
    ------
    InvalidInput
        The file is not an instance of this set; every problem is listed.
    """
    fields = JsonFields(path)
    _refuse_extended(fields)
    services = _service_ids(fields)
    carers = unique(
        fields,
        fields.records(fields.root, "caregivers", ""),
        lambda pointer, record: _carer(fields, record, pointer, services),
    )
    patients = unique(
        fields,
        fields.records(fields.root, "patients", ""),
        lambda pointer, record: _patient(fields, record, pointer, services),
    )
    _check_office(fields)
    travel = _travel(fields, places=1 + len(patients))
    fields.refuse_if_wrong()
    return CareDay(patients, carers, travel)


def _refuse_extended(fields: JsonFields) -> None:
    lists = [found for found in fields.root.values() if isinstance(found, list)]
    people = [each for found in lists for each in found if isinstance(each, dict)]
    named = set(fields.root).union(*people)
    for name in EXTENDED_FIELDS:
        if name in named:
            fields.wrong("bench.hhcrsp.extended", "", name=name)
    fields.refuse_if_wrong()


def _service_ids(fields: JsonFields) -> frozenset[str]:
    records = fields.records(fields.root, "services", "")
    return frozenset(fields.text(record, "id", pointer) for pointer, record in records)


def _check_office(fields: JsonFields) -> None:
    offices = fields.entries(fields.root, "central_offices", "")
    if len(offices) != 1:
        fields.wrong("bench.hhcrsp.offices", "/central_offices", count=len(offices))


def _carer(fields: JsonFields, record: Record, pointer: str, services: frozenset[str]) -> Carer:
    abilities = []
    for index, ability in enumerate(fields.entries(record, "abilities", pointer)):
        if isinstance(ability, str) and ability in services:
            abilities.append(ability)
        else:
            fields.wrong(
                "bench.hhcrsp.service.unknown",
                f"{pointer}/abilities/{index}",
                service=str(ability)[:40],
            )
    return Carer(fields.text(record, "id", pointer), frozenset(abilities))


def _patient(fields: JsonFields, record: Record, pointer: str, known: frozenset[str]) -> Patient:
    earliest, latest = _pair(fields, record, "time_window", pointer)
    if earliest > latest:
        fields.wrong(
            "bench.hhcrsp.window.reversed",
            f"{pointer}/time_window",
            earliest=earliest,
            latest=latest,
        )
    services = _services(fields, record, pointer, known)
    synchronization, delay = _synchronization(fields, record, pointer, len(services))
    return Patient(
        id=fields.text(record, "id", pointer),
        # The reference reader cuts windows to whole minutes; the published costs need it.
        earliest_min=int(earliest),
        latest_min=int(latest),
        services=services,
        synchronization=synchronization,
        delay_min=delay,
    )


def _services(
    fields: JsonFields, record: Record, pointer: str, known: frozenset[str]
) -> tuple[Service, ...]:
    services: list[Service] = []
    for place, entry in fields.records(record, "required_caregivers", pointer):
        service = Service(
            fields.text(entry, "service", place), fields.number(entry, "duration", place)
        )
        if service.id and service.id not in known:
            fields.wrong("bench.hhcrsp.service.unknown", f"{place}/service", service=service.id)
        if service.id in {earlier.id for earlier in services}:
            fields.wrong("bench.hhcrsp.service.repeated", f"{place}/service", service=service.id)
        services.append(service)
    if len(services) not in (1, 2):
        place = f"{pointer}/required_caregivers"
        fields.wrong("bench.hhcrsp.services.count", place, count=len(services))
    return tuple(services)


def _synchronization(
    fields: JsonFields, record: Record, pointer: str, services: int
) -> tuple[Synchronization | None, tuple[float, float]]:
    if services < 2:
        return None, (0.0, 0.0)
    place = f"{pointer}/synchronization"
    tie: Any = record.get("synchronization")
    if not isinstance(tie, dict):
        fields.wrong("bench.hhcrsp.synchronization.missing", place)
        return None, (0.0, 0.0)
    kind = tie.get("type")
    if kind == "simultaneous":
        return "simultaneous", (0.0, 0.0)
    if kind != "sequential":
        fields.wrong("bench.hhcrsp.synchronization.kind", f"{place}/type", kind=str(kind)[:40])
        return None, (0.0, 0.0)
    least, most = _pair(fields, tie, "distance", place)
    if least > most:
        fields.wrong("bench.hhcrsp.delay.reversed", f"{place}/distance", least=least, most=most)
    return "sequential", (least, most)


def _pair(fields: JsonFields, record: Record, name: str, pointer: str) -> tuple[float, float]:
    entries = fields.entries(record, name, pointer)
    if len(entries) != 2:
        if name in record:
            fields.wrong("bench.field.pair", f"{pointer}/{name}", count=len(entries))
        return 0.0, 0.0
    first, second = (
        fields.plain_number(entry, f"{pointer}/{name}/{index}")
        for index, entry in enumerate(entries)
    )
    return first, second


def _travel(fields: JsonFields, places: int) -> npt.NDArray[np.float64]:
    rows = fields.entries(fields.root, "distances", "")
    if len(rows) != places and "distances" in fields.root:
        fields.wrong("bench.hhcrsp.travel.rows", "/distances", count=len(rows), places=places)
    travel = np.zeros((places, places))
    for index, row in enumerate(rows[:places]):
        place = f"/distances/{index}"
        if not isinstance(row, list) or len(row) != places:
            count = len(row) if isinstance(row, list) else 0
            fields.wrong("bench.hhcrsp.travel.columns", place, count=count, places=places)
        elif all(type(entry) in (int, float) and 0 <= entry <= LARGEST_NUMBER for entry in row):
            travel[index] = row
        else:
            for column, entry in enumerate(row):
                fields.plain_number(entry, f"{place}/{column}")
    for home in np.flatnonzero(np.diagonal(travel)):
        fields.wrong("bench.hhcrsp.travel.diagonal", f"/distances/{home}/{home}")
    return travel

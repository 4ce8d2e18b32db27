"""Jobs and job types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dispatch.domain.job import Job, JobType, Pin
from dispatch.domain.published import Published
from dispatch.domain.window import Window
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.parts.crews import crew_values, read_crew
from dispatch.formats.tables.parts.values import NEEDS, complete, read_needs, values_of
from dispatch.formats.tables.rows import Row

JOB = (
    "id",
    "type",
    "site",
    "name",
    "duration_s",
    "sla_due",
    "priority",
    "mandatory",
    "required_technicians",
    "preferred_technicians",
    "prohibited_technicians",
    "dependencies",
    "parts",
    "revenue_minor",
    "fee_minor",
)
JOB_TYPE = ("id", "name", "duration_s", "parts", "level_factors", "revenue_minor", "fee_minor")
WINDOW = ("start", "end", "kind")
PIN = ("technician", "level", "shift", "order", "start")
PUBLISHED = ("technician", "shift", "order", "start", "end")


def read_job(row: Row, seats: list[Row], found: Findings) -> Job | None:
    """A row of the jobs, with its rows of the crews."""
    fields = {
        **row.given(*JOB),
        "windows": tuple(_windows(row, found)),
        "pins": tuple(_pins(row, found)),
        "published": tuple(_published(row, found)),
        "crew": read_crew(row, seats, found),
    }
    if row.broken:
        return None
    return row.build(found, Job, {**fields, "needs": read_needs(row)}, ("id", 0))


def read_job_type(row: Row, seats: list[Row], found: Findings) -> JobType | None:
    """A row of the job types, with its rows of the crews."""
    crew = read_crew(row, seats, found)
    if row.broken:
        return None
    fields = {**row.given(*JOB_TYPE), "crew": crew, "needs": read_needs(row)}
    return row.build(found, JobType, fields, ("id", 0))


def job_values(job: Job) -> dict[Slot, Any]:
    """A row of the jobs."""
    values = values_of(job, JOB) | values_of(job.needs, NEEDS) | crew_values(job.crew)
    for index, window in enumerate(job.windows, start=1):
        values |= values_of(window, WINDOW, index, "window_")
    for index, pin in enumerate(job.pins, start=1):
        values |= values_of(pin, PIN, index, "pin_")
        values["pin_seat", index] = pin.seat + 1
    for index, told in enumerate(job.published, start=1):
        values |= values_of(told, PUBLISHED, index, "published_")
        values["published_seat", index] = told.seat + 1
    return values


def job_type_values(job_type: JobType) -> dict[Slot, Any]:
    """A row of the job types."""
    return (
        values_of(job_type, JOB_TYPE)
        | values_of(job_type.needs, NEEDS)
        | crew_values(job_type.crew)
    )


def _windows(row: Row, found: Findings) -> Iterator[Window]:
    for index in row.indices("window_"):
        if complete(row, found, "window_start", "window_end", index=index):
            fields = row.renamed({name: f"window_{name}" for name in WINDOW}, index)
            window = row.build(found, Window, fields, ("window_end", index))
            if window:
                yield window


def _pins(row: Row, found: Findings) -> Iterator[Pin]:
    for index in row.indices("pin_"):
        if complete(row, found, "pin_technician", index=index):
            fields = row.renamed({name: f"pin_{name}" for name in PIN}, index)
            fields["seat"] = row.get("pin_seat", 1, index) - 1
            pin = row.build(found, Pin, fields, ("pin_level", index))
            if pin:
                yield pin


def _published(row: Row, found: Findings) -> Iterator[Published]:
    for index in row.indices("published_"):
        if complete(row, found, "published_technician", index=index):
            fields = row.renamed({name: f"published_{name}" for name in PUBLISHED}, index)
            fields["seat"] = row.get("published_seat", 1, index) - 1
            told = row.build(found, Published, fields, ("published_end", index))
            if told:
                yield told

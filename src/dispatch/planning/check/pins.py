"""Pins do not contradict the job, each other, or the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.job import CrewTiming, Job, Pin
from dispatch.domain.window import WindowKind
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at
from dispatch.planning.horizon import Horizon
from dispatch.planning.visit import job_visits
from dispatch.planning.work import work_s


def impossible_pins(day: Day) -> Iterator[Finding]:
    """Pins that the job itself rules out."""
    for index, job in enumerate(day.jobs):
        seated: set[str] = set()
        for number, pin in enumerate(job.pins):
            values = {"job": job.id, "technician": pin.technician}
            for code in _codes(day, job, pin):
                yield Finding(code, at("jobs", index, "pins", number), values)
            if pin.technician in seated:
                yield Finding("pin.same-technician", at("jobs", index, "pins", number), values)
            seated.add(pin.technician)


def _codes(day: Day, job: Job, pin: Pin) -> Iterator[str]:
    if pin.technician in job.prohibited_technicians:
        yield "pin.prohibited"
    if job.required_technicians and pin.technician not in job.required_technicians:
        yield "pin.not-required"
    if pin.start is not None and not _inside(job, pin.start):
        yield "pin.outside-window"
    if pin.start is not None and not _within(day, pin.start):
        yield "pin.outside-day"


def _inside(job: Job, start: datetime) -> bool:
    hard = [window for window in job.windows if window.kind is WindowKind.HARD]
    return not hard or any(
        elapsed_s(window.start, start) >= 0 and elapsed_s(start, window.end) >= 0 for window in hard
    )


def _within(day: Day, start: datetime) -> bool:
    return elapsed_s(day.start, start) >= 0 and elapsed_s(start, day.end) >= 0


def contradictory_pins(day: Day) -> Iterator[Finding]:
    """Pins to seats that are not there, to other times than the crew's, and to two places at once.

    References must be sound.
    """
    horizon = Horizon.of(day)
    busy: dict[str, list[tuple[int, int, str, int]]] = {}
    for index, job in enumerate(day.jobs):
        visits = job_visits(day, job, horizon)
        for number, pin in enumerate(job.pins):
            if pin.seat >= len(visits):
                yield Finding(
                    "pin.no-seat",
                    at("jobs", index, "pins", number, "seat"),
                    {"job": job.id, "seat": pin.seat, "seats": len(visits)},
                )
            elif pin.start is not None:
                start = horizon.from_s(pin.start)
                work = work_s(visits[pin.seat], day.technicians_by_id[pin.technician])
                busy.setdefault(pin.technician, []).append((start, start + work, job.id, index))
        yield from _crew_times(day, job, index)
    for technician, times in busy.items():
        for (_, end, first, _), (start, _, second, index) in pairwise(sorted(times)):
            if start < end:
                yield Finding(
                    "pin.clash",
                    at("jobs", index, "pins"),
                    {"technician": technician, "first": first, "second": second},
                )


def _crew_times(day: Day, job: Job, index: int) -> Iterator[Finding]:
    crew = day.crew(job)
    if crew is None or crew.timing is not CrewTiming.TOGETHER:
        return
    starts = [pin.start for pin in job.pins if pin.start is not None]
    if any(elapsed_s(starts[0], start) for start in starts[1:]):
        yield Finding("pin.crew-times", at("jobs", index, "pins"), {"job": job.id})

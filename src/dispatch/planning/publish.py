"""A day whose plan has been published: from now on every change of it has a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatch.domain.clock import after, elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.job import Job
from dispatch.domain.plan import Plan
from dispatch.domain.published import Published
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.standing import Seat


def publish(day: Day, plan: Plan, *, promise_s: int) -> Day:
    """The day in which each job says what the plan makes of it.

    Parameters
    ----------
    plan
        For this day; jobs and seats that the day does not have are left out.
    promise_s
        How long a window each customer is promised, with the planned start in its middle. It ends
        where the hard window ends in which the visit starts. Of a crew the first seat is promised.

    Returns
    -------
    Day
        Jobs that the plan leaves out keep what had been published of them.
    """
    told: dict[str, list[Published]] = {}
    for route in plan.routes:
        for order, visit in enumerate(route.visits):
            job = day.jobs_by_id.get(visit.job)
            if job is None:
                continue
            promise = _promise(day, job, visit.start, promise_s) if visit.seat == 0 else None
            entry = Published(
                technician=route.technician,
                seat=visit.seat,
                shift=route.shift,
                order=order,
                start=promise[0] if promise else None,
                end=promise[1] if promise else None,
            )
            told.setdefault(job.id, []).append(entry)
    jobs = (
        replace(job, published=tuple(sorted(told[job.id], key=lambda entry: entry.seat)))
        if job.id in told
        else job
        for job in day.jobs
    )
    return replace(day, jobs=tuple(jobs))


def promises(day: Day, plan: Plan, *, promise_s: int) -> dict[Seat, Published]:
    """What people would be told of each visit of a plan, as :func:`publish` writes it."""
    told = publish(day, plan, promise_s=promise_s)
    return {Seat(job.id, entry.seat): entry for job in told.jobs for entry in job.published}


def is_kept(opens: datetime | None, closes: datetime | None, start: datetime) -> bool:
    """Whether something was promised, and a start lies in it; then nothing new is promised."""
    if opens is None or closes is None:
        return False
    return elapsed_s(opens, start) >= 0 and elapsed_s(start, closes) >= 0


def _promise(day: Day, job: Job, start: datetime, promise_s: int) -> tuple[datetime, datetime]:
    """Around ``start``, inside the hard window that holds it."""
    first = after(start, -(promise_s // 2), day.zone_info)
    last = after(start, promise_s - promise_s // 2, day.zone_info)
    for window in job.windows:
        if window.kind is WindowKind.HARD and _holds(window, start):
            opens, closes = (after(edge, 0, day.zone_info) for edge in (window.start, window.end))
            first = opens if elapsed_s(first, opens) > 0 else first
            last = closes if elapsed_s(closes, last) > 0 else last
    return first, last


def _holds(window: Window, moment: datetime) -> bool:
    return elapsed_s(window.start, moment) >= 0 and elapsed_s(moment, window.end) >= 0

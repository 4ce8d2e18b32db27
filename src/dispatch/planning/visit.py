"""The visits of a day: each job's seats, with all that a job takes over from its type."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.day import Day
from dispatch.domain.job import Job, JobType, Pin, Seat, parts_of
from dispatch.domain.published import Published
from dispatch.domain.site import Site
from dispatch.domain.window import WindowKind
from dispatch.planning.horizon import Horizon, Span, merged
from dispatch.planning.needs import Needs, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One technician's part of a job, as it is to be planned."""

    job: Job
    seat: int
    type: JobType
    site: Site
    needs: Needs
    base_s: int
    """Its duration before any factor, without set-up."""
    parts: tuple[tuple[str, int], ...]
    """By name; all of a job's are used up from the van of its first seat."""
    pin: Pin | None
    published: Published | None
    windows: tuple[Span, ...]
    """When it may start: in order, inside the horizon; empty if it never may. Not in the time just
    before a promise: whoever comes then waits for it."""
    preferred: tuple[Span, ...]
    """In order; empty means no preference."""


def visits_of(day: Day, horizon: Horizon) -> tuple[Visit, ...]:
    """Every visit, in the order of the jobs and their seats. References must be sound."""
    return tuple(visit for job in day.jobs for visit in job_visits(day, job, horizon))


def job_visits(day: Day, job: Job, horizon: Horizon) -> tuple[Visit, ...]:
    """The visits of one job."""
    job_type = day.job_types_by_id[job.type]
    pins = {pin.seat: pin for pin in job.pins}
    allowed, preferred = _windows(job, horizon), _preferred(job, horizon)
    return tuple(
        Visit(
            job=job,
            seat=number,
            type=job_type,
            site=day.sites_by_id[job.site],
            needs=needs_of(job, job_type, seat),
            base_s=seat.duration_s or job.duration_s or job_type.duration_s,
            parts=tuple(parts_of(job_type.parts, job.parts).items()) if number == 0 else (),
            pin=pins.get(number),
            published=job.published_seat(number),
            windows=_pinned(
                pins.get(number),
                _patient(allowed, job.published_seat(number), day.policy.promise_wait_s, horizon),
                horizon,
            ),
            preferred=preferred,
        )
        for number, seat in enumerate(day.seats(job))
    )


def needs_of(job: Job, job_type: JobType, seat: Seat) -> Needs:
    """What a seat asks for: its own needs alone, or the type's and the job's together."""
    return together(job_type.needs, job.needs) if seat.needs is None else together(seat.needs)


def _windows(job: Job, horizon: Horizon) -> tuple[Span, ...]:
    hard = [window for window in job.windows if window.kind is WindowKind.HARD]
    if not hard:
        return (Span(0, horizon.end_s),)
    return merged(
        Span(max(0, horizon.from_s(window.start)), min(horizon.until_s(window.end), horizon.end_s))
        for window in hard
    )


def _patient(
    allowed: tuple[Span, ...], published: Published | None, wait_s: int, horizon: Horizon
) -> tuple[Span, ...]:
    """Without the seconds just before the promise, where the same window lets it be kept."""
    if published is None or published.start is None:
        return allowed
    promised = horizon.from_s(published.start)
    return merged(
        part
        for span in allowed
        for part in (
            (Span(span.start_s, promised - wait_s - 1), Span(promised, span.end_s))
            if span.start_s < promised <= span.end_s
            else (span,)
        )
    )


def _preferred(job: Job, horizon: Horizon) -> tuple[Span, ...]:
    return merged(
        # One that is wholly before the horizon stays in it as a point: being late has its price.
        Span(max(0, horizon.from_s(window.start)), max(0, horizon.until_s(window.end)))
        for window in job.windows
        if window.kind is WindowKind.PREFERRED
    )


def _pinned(pin: Pin | None, allowed: tuple[Span, ...], horizon: Horizon) -> tuple[Span, ...]:
    """The pinned second alone, where there is one; none if it lies outside the horizon."""
    if pin is None or pin.start is None:
        return allowed
    second = horizon.from_s(pin.start)
    return (Span(second, second),) if 0 <= second <= horizon.end_s else ()

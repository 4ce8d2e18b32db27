"""Let a job be done in several goes: each is a job of its own that waits for the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.job import Dependency, Job, JobType, PinLevel
from dispatch.domain.states.job import JOB, JobAction, JobState
from dispatch.domain.states.visit import ENDED
from dispatch.domain.window import Window, WindowKind
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.jobs.create import USUAL_SPAN
from dispatch.operations.jobs.decide import expect_unbound, held_job, touch_visits
from dispatch.operations.jobs.seats import free_seats, give_seats
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.keeping import add_keyed
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.jobs import JobRow
from dispatch.store.work import Work, expect

MOST_PARTS = 10
WHO = PinLevel.TECHNICIAN
"""Who is to do it, all of the goes; when and in which order is another matter now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the goes."""

    duration_s: int
    windows: tuple[Window, ...] = ()
    """When it may start; the first keeps those of the job, if it says nothing."""
    id: str | None = None
    """The key of its job; that of the job and a number, if nothing is said. The last has none."""

    def __post_init__(self) -> None:
        checks.within("part.duration_s", self.duration_s, 1, checks.LONGEST_S)
        if self.id is not None:
            checks.identifier("part.id", self.id)


def split_job(
    database: Database,
    actor: Actor,
    job_id: UUID,
    parts: Sequence[Part],
    *,
    min_delay_s: int = 0,
    max_delay_s: int | None = None,
    why: str = "",
    expected: int | None = None,
) -> list[UUID]:
    """Let a job be done in several goes, one after another; answers the jobs in this order.

    The job itself is the last of them: what waits for it, and what is to be paid for it, stays as
    it is. The goes before it are new jobs of the same customer, site, type and outlet, and each
    waits for the one before. Revenue and fee are shared by duration. What is in the van for the job
    goes with the first; what its type needs, every go needs.

    Parameters
    ----------
    min_delay_s, max_delay_s
        How long after the end of one go the next begins.

    Raises
    ------
    InvalidValue
        There are less than two parts, or too many; the last has an id (``split.last``).
    Missing, Stale
        There is no such job; it is not at the version that is expected.
    Refused
        ``state.job``; ``job.begun``; ``split.short``: the parts are shorter than the job together;
        ``split.seats``: seats of its crew have durations of their own; ``key.taken``.
    """
    checks.within("split.parts", len(parts), 2, MOST_PARTS)
    wait = Dependency(job="before", min_delay_s=min_delay_s, max_delay_s=max_delay_s)
    with database.work(actor) as work:
        row = held_job(work, job_id)
        expect(row, expected)
        after = JOB.after(JobAction.SPLIT, row.state)
        expect_unbound(row)
        touch_visits(work, row)
        free_seats(work, row, "split")
        frame = Frame(work.session, _span(row))
        job, job_type = Jobs().read(row, frame), JobTypes().read(row.type, frame)
        *before, last = _goes(job, job_type, parts, wait)
        made = [_add(work, row, go, frame) for go in before]
        Jobs().write(row, last, frame)
        row.state = after
        work.note("job.split", row, why=why or None)
        follow_visits(work, [row])
        return work.commit([*made, row.id])


def _span(row: JobRow) -> Span:
    """When a go may be done that has no hard window: as the job, or as one without a window."""
    windows = row.said.get("windows", ())
    bound = any(window.get("kind", WindowKind.HARD) == WindowKind.HARD for window in windows)
    later = row.earliest + USUAL_SPAN if bound else row.latest
    return Span(row.earliest, max(row.latest, later))


def _goes(job: Job, job_type: JobType, parts: Sequence[Part], wait: Dependency) -> list[Job]:
    lasts = [part.duration_s for part in parts]
    whole = job.duration_s or job_type.duration_s
    crew = job.crew or job_type.crew
    if crew is not None and any(seat.duration_s is not None for seat in crew.seats):
        raise Refused("split.seats", job=job.id)
    if sum(lasts) < whole:
        raise Refused("split.short", job=job.id, seconds=sum(lasts), whole=whole)
    if parts[-1].id is not None:
        raise InvalidValue("split.last", job=job.id)
    keys = [part.id or f"{job.id}.{number}" for number, part in enumerate(parts, 1)]
    keys[-1] = job.id
    revenue = _shares(job.revenue_minor, job_type.revenue_minor, lasts)
    fee = _shares(job.fee_minor, job_type.fee_minor, lasts)
    first = replace(
        to_be_found(job),
        id=keys[0],
        duration_s=lasts[0],
        windows=parts[0].windows or job.windows,
        revenue_minor=revenue[0],
        fee_minor=fee[0],
    )
    return [first] + [
        replace(
            first,
            id=keys[number],
            duration_s=lasts[number],
            windows=parts[number].windows,
            dependencies=(replace(wait, job=keys[number - 1]),),
            parts={},
            revenue_minor=revenue[number],
            fee_minor=fee[number],
        )
        for number in range(1, len(parts))
    ]


def to_be_found(job: Job) -> Job:
    """A job of which nothing is said any more of when it is done and where on a route."""
    pins = tuple(replace(pin, shift=None) for pin in job.pins if pin.level is WHO)
    return replace(job, pins=pins, published=())


def _shares(own: int | None, usual: int, lasts: Sequence[int]) -> list[int]:
    """An amount shared by duration; together they are the amount."""
    amount = usual if own is None else own
    ends = [amount * end // sum(lasts) for end in accumulate(lasts)]
    return [end - before for before, end in pairwise([0, *ends])]


def _add(work: Work, row: JobRow, go: Job, frame: Frame) -> UUID:
    """A job like another one, with a visit for each seat."""
    made = JobRow(id=new_id(), key=go.id, state=JobState.OPEN, outlet_id=row.outlet_id)
    seats = len({visit.seat for visit in row.visits if visit.state not in ENDED})
    Jobs().write(made, go, frame)
    made.fields = dict(row.fields)
    add_keyed(work, made)
    frame.add(made)
    give_seats(work, made, seats)
    return made.id

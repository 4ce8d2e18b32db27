"""The jobs of a file: which of them are brought in, and which are left as the record has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, literal, select

from dispatch.domain.day import Day
from dispatch.domain.states.job import OVER, JobState
from dispatch.errors import Finding
from dispatch.operations.jobs.decide import is_bound
from dispatch.operations.jobs.past import WAITS, doubts_of
from dispatch.operations.jobs.seats import free_misplaced, give_seats
from dispatch.planning.check.pointer import at
from dispatch.store.day_frame import known_jobs
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame
from dispatch.store.merging import Merged, merge
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def merge_jobs(work: Work, day: Day, frame: Frame, home: UUID) -> Merged:
    """Bring the jobs of a day in, with a visit for each seat.

    Parameters
    ----------
    home
        The outlet whose jobs the new ones are.
    """
    known = known_jobs(work, day)  # held until all are brought in
    split = _split(work, [row.id for row in known])
    return merge(
        work,
        Jobs(),
        day.jobs,
        frame,
        new=lambda _: JobRow(state=JobState.OPEN, outlet_id=home),
        begun=is_bound,
        leave=lambda row: row.state in OVER or row.id in split,
        after=lambda row, job: _seat(work, row, len(day.seats(job))),
    )


def late_jobs(day: Day, merged: Merged) -> list[Finding]:
    """Those that have begun and would be changed: they refuse the file."""
    numbers = {job.id: number for number, job in enumerate(day.jobs)}
    return [
        Finding("import.job.begun", at("jobs", numbers[key]), {"job": key}) for key in merged.late
    ]


def left_jobs(work: Work, day: Day, merged: Merged) -> Iterator[Finding]:
    """A warning for each that is left as it is although the file wants something else."""
    keys = literal([job.id for job in day.jobs], ARRAY(Text))
    known = select(JobRow.key, JobRow.state).where(JobRow.key == any_(keys))
    states = {row.key: row.state for row in work.session.execute(known)}
    left = set(merged.left)
    for number, job in enumerate(day.jobs):
        state = states.get(job.id)
        if state is JobState.CANCELLED:
            code = "import.job.cancelled"
        elif job.id in left:
            code = "import.job.over" if state in OVER else "import.job.split"
        else:
            continue
        yield Finding(code, at("jobs", number), {"job": job.id}, severity="warning")


def past_jobs(work: Work, day: Day) -> Iterator[Finding]:
    """A warning for each that waits for windows that are over."""
    numbers = {job.id: number for number, job in enumerate(day.jobs)}
    query = select(JobRow).where(
        JobRow.key == any_(literal(list(numbers), ARRAY(Text))),
        JobRow.state.in_(WAITS),
        JobRow.latest < work.now,
    )
    for row in sorted(work.session.scalars(query), key=lambda row: numbers[row.key]):
        yield from doubts_of(row, work.now, at("jobs", numbers[row.key], "windows"))


def _split(work: Work, jobs: Collection[UUID]) -> set[UUID]:
    """Those of which an earlier go is a job of its own, as the log tells."""
    query = select(EventRow.subject_id).where(
        EventRow.subject_kind == JobRow.__tablename__,
        EventRow.subject_id == any_(literal(list(jobs), ARRAY(Uuid))),
        EventRow.kind == "job.split",
    )
    return set(work.session.scalars(query, execution_options=UNSCOPED))


def _seat(work: Work, row: JobRow, seats: int) -> None:
    """A visit for each seat, and none of them on a day that is the job's no longer."""
    give_seats(work, row, seats)
    free_misplaced(work, row)

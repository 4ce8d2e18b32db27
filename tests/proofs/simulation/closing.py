"""What becomes of jobs that are done: they are looked at, closed for good, or gone to once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from tests.proofs.simulation.wanted import NOTHING, Deed, jobs_of
from tests.proofs.simulation.world import MANAGER, Ask, Wish, World

from dispatch.domain.payment import Account, Posting
from dispatch.domain.states.charge import ChargeState
from dispatch.domain.states.job import JobState
from dispatch.domain.window import Window
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.settle import settle_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow
from dispatch.store.said import said
from dispatch.store.work import Work

DONE = (JobState.COMPLETED, JobState.VERIFIED)


def look_over(world: World) -> Wish | None:
    row = world.any(jobs_of(JobState.COMPLETED))
    if row is None:
        return None
    return Wish(
        world.one_of((world.desk(), world.program()), (0.8, 0.2)),
        lambda by: verify_job(world.database, by, row.id, note="seen", expected=row.version),
        NOTHING,
        ask=Ask(path=f"/jobs/{row.id}/verify", body={"note": "seen"}, expected=row.version),
    )


def close_for_good(world: World) -> Wish | None:
    """Mostly what was verified, whatever is open for it."""
    states = world.one_of((JobState.VERIFIED, JobState.COMPLETED), (0.9, 0.1))
    row = world.any(jobs_of(states))
    if row is None:
        return None
    return Wish(
        MANAGER,
        lambda by: settle_job(world.database, by, row.id, expected=row.version),
        NOTHING,
        ask=Ask(path=f"/jobs/{row.id}/settle", expected=row.version),
    )


def call_back(world: World) -> Wish | None:
    """With windows of today or tomorrow, or with those it had."""
    row = world.any(jobs_of(*DONE))
    if row is None:
        return None
    begins = world.clock() + timedelta(hours=int(world.draw.integers(1, 24)))
    new = Window(start=begins, end=begins + timedelta(hours=8))
    windows = world.one_of(((new,), ()), (0.8, 0.2))
    return Wish(
        world.one_of((world.desk(), world.program()), (0.8, 0.2)),
        lambda by: reopen_job(
            world.database, by, row.id, why="it drips", windows=windows, expected=row.version
        ),
        NOTHING,
        ask=Ask(
            path=f"/jobs/{row.id}/reopen",
            body={"why": "it drips", "windows": [said(window) for window in windows]},
            expected=row.version,
        ),
    )


def wrong_settlements(work: Work) -> Iterator[str]:
    """A job was balanced when it was settled, and nothing was charged since."""
    settled = select(EventRow.subject_id, EventRow.number).where(EventRow.kind == "job.settled")
    when = {str(job): number for job, number in work.session.execute(settled)}
    open_minor = dict.fromkeys(when, 0)
    lines = (
        select(EventRow.number, EventRow.after)
        .where(EventRow.subject_kind == "ledger_line")
        .where(EventRow.after["job_id"].astext.in_(when))
    )
    for number, line in work.session.execute(lines):
        job = line["job_id"]
        if number < when[job] and line["account"] == Account.RECEIVABLE:
            open_minor[job] += line["amount_minor"]
        if number > when[job] and line["posting"] == Posting.CHARGE:
            yield f"settled: {job} was charged for after that"
    yield from (f"settled: {job} with {open_} open" for job, open_ in open_minor.items() if open_)
    for row in work.session.scalars(select(JobRow).where(JobRow.id.in_(when))):
        if row.state is not JobState.SETTLED:
            yield f"settled: {row.key} is {row.state} again"
    waiting = select(ChargeRow.job_id).where(ChargeRow.state == ChargeState.PROPOSED)
    for job in work.session.scalars(waiting.where(ChargeRow.job_id.in_(when))):
        yield f"settled: {job} has a charge that waits"


CLOSING: dict[Deed, float] = {look_over: 1.6, close_for_good: 1.4, call_back: 0.8}
"""How often each is wanted."""

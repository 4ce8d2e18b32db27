"""Close a job for good, once its money is right."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain.actor import Actor
from dispatch.domain.states.charge import ChargeState
from dispatch.domain.states.job import JOB, JobAction
from dispatch.errors import Refused
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.ledger import bill
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work, expect


def settle_job(
    database: Database, actor: Actor, job_id: UUID, *, expected: int | None = None
) -> None:
    """Let a verified job be settled: nothing is open for it, and nothing is charged any more.

    Its row is held, so that nobody changes what is owed meanwhile.

    Raises
    ------
    Missing, Stale
        There is no such job; it is not at the version that is expected.
    Refused
        ``state.job``; ``job.charges-wait``: the customer has not said yes or no to a charge;
        ``job.open-balance``: something is still to come, or more has come than was due.
    """
    with database.work(actor) as work:
        row = held_job(work, job_id)
        expect(row, expected)
        row.state = JOB.after(JobAction.SETTLE, row.state)
        _expect_balanced(work, row)
        work.note("job.settled", row)
        work.commit()


def _expect_balanced(work: Work, row: JobRow) -> None:
    query = select(func.count()).where(
        ChargeRow.job_id == row.id, ChargeRow.state == ChargeState.PROPOSED
    )
    waiting = work.session.execute(query, execution_options=UNSCOPED).scalar_one()
    if waiting:
        raise Refused("job.charges-wait", job=row.key, count=waiting)
    found = bill(work.session, row)
    if found.open_minor:
        amount, currency = found.open_minor, found.currency
        raise Refused("job.open-balance", job=row.key, amount=amount, currency=currency)

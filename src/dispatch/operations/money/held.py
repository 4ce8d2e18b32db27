"""The job that money is about, held by whoever changes what is owed for it."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import NOT_TOLD
from dispatch.errors import Missing, Refused
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.money import ChargeRow, PaymentRow
from dispatch.store.work import Work


def billed_job(work: Work, job_id: UUID) -> JobRow:
    """The job; of two who change its bill at once, one waits for the other.

    Raises
    ------
    Missing
        There is none, or not in the outlets of whoever asks.
    """
    return work.get(JobRow, job_id, lock=True)


def unsettled_job(work: Work, job_id: UUID) -> JobRow:
    """The same, as long as something may be added to its bill.

    Raises
    ------
    Missing
        As :func:`billed_job`.
    Refused
        ``job.settled``.
    """
    job = billed_job(work, job_id)
    expect_unsettled(job)
    return job


def expect_unsettled(job: JobRow) -> None:
    """See that a job is not closed for good; raises Refused (``job.settled``)."""
    if job.state is JobState.SETTLED:
        raise Refused("job.settled", job=job.key)


def billed_charge(work: Work, charge_id: UUID) -> tuple[JobRow, ChargeRow]:
    """A charge with its job, both held, the job first; raises Missing."""
    job = billed_job(work, work.get(ChargeRow, charge_id).job_id)
    return job, work.get(ChargeRow, charge_id, lock=True)


def job_of_own(database: Database, actor: Actor, visit_id: UUID, technician: UUID) -> UUID:
    """The job of a visit that a technician was told to do.

    Raises
    ------
    Missing
        There is no such visit, or it is not theirs.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id)
        if visit.technician_id != technician or visit.state in NOT_TOLD:
            raise Missing("store.missing", kind="visit", id=str(visit_id))
        return visit.job_id


def check_charge(database: Database, actor: Actor, charge_id: UUID, job_id: UUID) -> None:
    """See that a charge is one of a job.

    Raises
    ------
    Missing
        There is no such charge, or it is for another job.
    """
    if job_of_charge(database, actor, charge_id) != job_id:
        raise Missing("store.missing", kind="charge", id=str(charge_id))


def job_of_charge(database: Database, actor: Actor, charge_id: UUID) -> UUID:
    """The job that a charge is for; raises Missing."""
    with database.work(actor) as work:
        return work.get(ChargeRow, charge_id).job_id


def job_of_payment(database: Database, actor: Actor, payment_id: UUID) -> UUID:
    """The job that a payment is for; raises Missing."""
    with database.work(actor) as work:
        return work.get(PaymentRow, payment_id).job_id

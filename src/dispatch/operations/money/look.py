"""Look at the bill of a job, and at a payment as a customer reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.payment import Bill, BilledLine, PaymentReceipt
from dispatch.domain.states.charge import ChargeState
from dispatch.domain.states.job import JobState
from dispatch.store.board import site_zone
from dispatch.store.database import Database
from dispatch.store.ledger import bill
from dispatch.store.organisation import organisation_of
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow, PaymentRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class JobAccount:
    """The bill of a job with all that made it, in the order in which it came to be."""

    bill: Bill
    settled: bool
    """Whether the job is closed for good."""
    charges: Sequence[ChargeRow]
    payments: Sequence[PaymentRow]


def bill_of(database: Database, actor: Actor, job_id: UUID) -> JobAccount:
    """What a job costs its customer, and what has come of it; raises Missing."""
    with database.work(actor) as work:
        job = work.get(JobRow, job_id)
        return JobAccount(
            bill=bill(work.session, job),
            settled=job.state is JobState.SETTLED,
            charges=_charges(work, job),
            payments=_payments(work, job),
        )


def receipt_of(database: Database, actor: Actor, payment_id: UUID) -> PaymentReceipt:
    """What a customer is given for a payment or a refund; raises Missing."""
    with database.work(actor) as work:
        payment = work.get(PaymentRow, payment_id)
        job = work.get(JobRow, payment.job_id)
        house = organisation_of(work.session)
        return PaymentReceipt(
            number=str(payment.id),
            organisation=house.name,
            job=job.key,
            site=job.site.address or job.site.key,
            at=payment.taken_at.astimezone(site_zone(work.session, job.site)),
            method=payment.method,
            reference=payment.reference,
            amount_minor=payment.amount_minor,
            refund_of=None if payment.reverses_id is None else str(payment.reverses_id),
            lines=tuple(
                BilledLine(text=row.text, quantity=row.quantity, amount_minor=row.amount_minor)
                for row in _charges(work, job)
                if row.state is ChargeState.APPROVED and row.currency == payment.currency
            ),
            bill=bill(work.session, job, payment.currency),
        )


def _charges(work: Work, job: JobRow) -> Sequence[ChargeRow]:
    query = select(ChargeRow).where(ChargeRow.job_id == job.id).order_by(ChargeRow.id)
    return work.session.scalars(query, execution_options=UNSCOPED).all()


def _payments(work: Work, job: JobRow) -> Sequence[PaymentRow]:
    query = select(PaymentRow).where(PaymentRow.job_id == job.id).order_by(PaymentRow.id)
    return work.session.scalars(query, execution_options=UNSCOPED).all()

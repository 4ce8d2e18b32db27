"""Write down money that has arrived by itself, as a provider tells."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.domain.actor import Actor
from dispatch.errors import Refused
from dispatch.operations.money.held import billed_job
from dispatch.operations.money.take import Money, same_money, write_payment
from dispatch.store.database import Database
from dispatch.store.ledger import check_currency
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import PaymentRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def payment_arrived(
    database: Database, actor: Actor, job_key: str, money: Money, *, notice: str
) -> UUID:
    """Write down a payment, once however often it is told.

    It is there already, so it is written down whole, also if less was open: who has paid too much
    gets it back by a refund. Also for a job that is settled.

    Parameters
    ----------
    notice
        The provider's id of the event by which it tells of it.

    Returns
    -------
    UUID
        The payment; also one that somebody has written down by hand, with the same reference.

    Raises
    ------
    Missing
        There is no such job.
    Refused
        ``money.currency``; ``payment.known``: the event or the reference was told with another
        amount, or for another job.
    """
    with database.work(actor) as work:
        job = billed_job(work, work.by_key(JobRow, job_key).id)
        known = _told(work, notice) or same_money(work, job, money, given_back=True)
        if known is not None:
            return _same(known, job, money)
        check_currency(work.session, money.currency)
        try:
            row = write_payment(work, job, money, notice=notice)
            work.session.flush()
        except IntegrityError as error:  # told at this moment, for another job
            raise Refused("payment.known", reference=money.reference) from error
        return work.commit(row.id)


def _told(work: Work, notice: str) -> PaymentRow | None:
    query = select(PaymentRow).where(PaymentRow.notice == notice)
    return work.session.scalars(query, execution_options=UNSCOPED).one_or_none()


def _same(known: PaymentRow, job: JobRow, money: Money) -> UUID:
    before = (known.job_id, known.method, known.reference, known.amount_minor, known.currency)
    reference = money.reference.strip()
    if before != (job.id, money.method, reference, money.amount_minor, money.currency):
        raise Refused("payment.known", reference=money.reference)
    return known.id

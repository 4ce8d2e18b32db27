"""Give money back, by reversing a payment."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.payment import Account, Posting
from dispatch.errors import Refused
from dispatch.operations.money.held import billed_job
from dispatch.operations.money.take import refunded
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.ledger import check_currency, post
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import PaymentRow
from dispatch.store.work import Work


def refund_payment(
    database: Database,
    actor: Actor,
    payment_id: UUID,
    *,
    why: str,
    amount_minor: int | None = None,
    reference: str = "",
) -> UUID:
    """Reverse a payment or a part of it; what is given back is open again.

    That can be done for a settled job as well: it stays settled.

    Parameters
    ----------
    amount_minor
        None for all that is left of it.
    reference
        By what the provider or the bank knows the refund.

    Raises
    ------
    InvalidValue
        The amount is not positive.
    Missing
        There is no such payment.
    Refused
        ``refund.of-refund``; ``refund.too-much``: less is left of it; ``money.currency``: it was
        paid in another currency than everything is paid in now.
    """
    if amount_minor is not None:
        checks.within("refund.amount_minor", amount_minor, 1, checks.MOST_MINOR)
    with database.work(actor) as work:
        paid = work.get(PaymentRow, payment_id)
        job = billed_job(work, paid.job_id)
        if paid.reverses_id is not None:
            raise Refused("refund.of-refund")
        check_currency(work.session, paid.currency)
        left = paid.amount_minor - refunded(work, paid)
        wanted = (left or paid.amount_minor) if amount_minor is None else amount_minor
        if wanted > left:
            raise Refused("refund.too-much", amount=wanted, left=left)
        back = PaymentRow(
            id=new_id(),
            outlet_id=job.outlet_id,
            job_id=job.id,
            method=paid.method,
            reference=reference.strip(),
            amount_minor=wanted,
            currency=paid.currency,
            taken_at=work.now,
            taken_by=actor.id,
            reverses_id=paid.id,
            reason=why,
        )
        work.session.add(back)
        work.note("payment.refunded", back, why=why)
        _post(work, job, back)
        return work.commit(back.id)


def _post(work: Work, job: JobRow, back: PaymentRow) -> None:
    post(
        work,
        job,
        Posting.REFUND,
        back.amount_minor,
        to=Account.RECEIVABLE,
        out_of=Account(back.method.value),
        payment=back,
    )

"""Take a payment, or write down one that has arrived by itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from sqlalchemy import func, or_, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.payment import Account, PaymentMethod, Posting
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.money.held import unsettled_job
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.ledger import bill, check_currency, post
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import PaymentRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

MOST_REFERENCE = 200
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Some money on its way."""

    method: PaymentMethod
    amount_minor: int
    currency: str
    reference: str = ""
    """By what the provider or the bank knows it; cash has none."""

    def __post_init__(self) -> None:
        checks.within("payment.amount_minor", self.amount_minor, 1, checks.MOST_MINOR)
        checks.within("payment.reference", len(self.reference), 0, MOST_REFERENCE)
        if self.method is not PaymentMethod.CASH and not checks.has_print(self.reference):
            raise InvalidValue("payment.reference", method=self.method.value)


NUMBERED = frozenset((PaymentMethod.WECHAT, PaymentMethod.ALIPAY))
"""Whose references are numbers of one payment each, in all the world."""


def take_payment(
    database: Database,
    actor: Actor,
    job_id: UUID,
    money: Money,
    *,
    technician: UUID | None = None,
) -> UUID:
    """Take money for a job, at most what is open.

    Parameters
    ----------
    technician
        Who takes it on site.

    Raises
    ------
    Missing
        There is no such job.
    Refused
        ``job.settled``; ``money.currency``; ``payment.too-much``: less is open; ``payment.known``:
        the same money was written down before.
    """
    with database.work(actor) as work:
        job = unsettled_job(work, job_id)
        check_currency(work.session, money.currency)
        if same_money(work, job, money) is not None:
            raise Refused("payment.known", reference=money.reference)
        left = bill(work.session, job).open_minor
        if money.amount_minor > left:
            raise Refused("payment.too-much", amount=money.amount_minor, open=max(0, left))
        return work.commit(write_payment(work, job, money, technician=technician).id)


def write_payment(
    work: Work,
    job: JobRow,
    money: Money,
    *,
    technician: UUID | None = None,
    notice: str | None = None,
) -> PaymentRow:
    """Write down money that is there, for a job that is held."""
    row = PaymentRow(
        id=new_id(),
        outlet_id=job.outlet_id,
        job_id=job.id,
        method=money.method,
        reference=money.reference.strip(),
        amount_minor=money.amount_minor,
        currency=money.currency,
        taken_at=work.now,
        taken_by=work.actor.id,
        technician_id=technician,
        notice=notice,
    )
    work.session.add(row)
    work.note("payment.taken", row)
    post(
        work,
        job,
        Posting.PAYMENT,
        row.amount_minor,
        to=Account(row.method.value),
        out_of=Account.RECEIVABLE,
        payment=row,
    )
    return row


def same_money(
    work: Work, job: JobRow, money: Money, *, given_back: bool = False
) -> PaymentRow | None:
    """The payment that has the same reference, unless it was given back whole.

    What banks and card terminals give may be there more than once: it is looked for on the job.

    Parameters
    ----------
    given_back
        Also one of this job that was given back: a provider who tells of it tells of the same.
    """
    if not money.reference.strip():
        return None
    if money.method in NUMBERED:  # who writes it down for another job at this moment waits
        number = func.hashtextextended(money.reference.strip(), 0)
        work.session.execute(select(func.pg_advisory_xact_lock(number)))
    query = select(PaymentRow).where(
        or_(PaymentRow.job_id == job.id, PaymentRow.method.in_(NUMBERED)),
        PaymentRow.method == money.method,
        PaymentRow.reference == money.reference.strip(),
        PaymentRow.reverses_id.is_(None),
    )
    found = work.session.scalars(query, execution_options=UNSCOPED).all()
    here = (row for row in found if given_back and row.job_id == job.id)
    kept = (row for row in found if refunded(work, row) < row.amount_minor)
    return next(chain(kept, here), None)


def refunded(work: Work, payment: PaymentRow) -> int:
    """How much of a payment was given back, in minor units."""
    query = select(func.coalesce(func.sum(PaymentRow.amount_minor), 0)).where(
        PaymentRow.reverses_id == payment.id
    )
    return int(work.session.execute(query, execution_options=UNSCOPED).scalar_one())

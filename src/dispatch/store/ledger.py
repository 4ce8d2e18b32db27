"""The ledger: every posting takes from one account what it gives to another."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from dispatch.domain import checks
from dispatch.domain.payment import Account, Bill, Posting
from dispatch.errors import Finding, Refused
from dispatch.store.ids import new_id
from dispatch.store.organisation import currency_of
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow, LedgerRow, PaymentRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

MOST_POSTED = 1_000 * checks.MOST_MINOR
"""A posting may be about many charges: what is let go of a job, for one."""


def post(
    work: Work,
    job: JobRow,
    posting: Posting,
    amount_minor: int,
    *,
    to: Account,
    out_of: Account,
    charge: ChargeRow | None = None,
    payment: PaymentRow | None = None,
) -> None:
    """Write two lines to the ledger, which sum to zero. Whoever does holds the row of the job.

    What is answered to whoever wished for it is kept for good: the same wish, however late it comes
    again, posts nothing.

    Raises
    ------
    InvalidValue
        The amount is not positive, or impossibly high.
    """
    checks.within("amount_minor", amount_minor, 1, MOST_POSTED)
    work.answer_for_good()
    id_ = new_id()
    currency = currency_of(work.session)
    for account, amount in ((to, amount_minor), (out_of, -amount_minor)):
        work.session.add(
            LedgerRow(
                id=new_id(),
                outlet_id=job.outlet_id,
                posting_id=id_,
                posting=posting,
                job_id=job.id,
                charge=charge,
                payment=payment,
                account=account,
                amount_minor=amount,
                currency=currency,
                at=work.now,
            )
        )


def bill(session: Session, job: JobRow, currency: str | None = None) -> Bill:
    """What the ledger says of a job that was seen already.

    Parameters
    ----------
    currency
        In which currency; that in which everything is paid now, if nothing is said.
    """
    currency = currency or currency_of(session)
    query = (
        select(LedgerRow.posting, func.sum(LedgerRow.amount_minor))
        .where(LedgerRow.job_id == job.id, LedgerRow.account == Account.RECEIVABLE)
        .where(LedgerRow.currency == currency)
        .group_by(LedgerRow.posting)
    )
    # The lines stay with the outlet at which they were written, the job may move to another.
    found = {
        posting: int(amount)
        for posting, amount in session.execute(query, execution_options=UNSCOPED)
    }
    return Bill(
        currency=currency,
        due_minor=found.get(Posting.CHARGE, 0),
        paid_minor=-found.get(Posting.PAYMENT, 0),
        refunded_minor=found.get(Posting.REFUND, 0),
        waived_minor=-found.get(Posting.WAIVER, 0),
    )


def check_currency(session: Session, currency: str) -> None:
    """See that somebody means the currency in which everything is paid.

    Raises
    ------
    Refused
        ``money.currency``.
    """
    wanted = currency_of(session)
    if currency != wanted:
        raise Refused("money.currency", value=currency[:10], wanted=wanted)


def check_ledger(connection: Connection) -> Iterator[Finding]:
    """Every posting that does not sum to zero in its currency: ``ledger.unbalanced``."""
    total = func.sum(LedgerRow.amount_minor)
    query = (
        select(LedgerRow.posting_id, LedgerRow.currency, total)
        .group_by(LedgerRow.posting_id, LedgerRow.currency)
        .having(total != 0)
    )
    for posting, currency, amount in connection.execute(query):
        yield Finding(
            "ledger.unbalanced",
            values={"posting": str(posting), "currency": str(currency), "amount": int(amount)},
        )

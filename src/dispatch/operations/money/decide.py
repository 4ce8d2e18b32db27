"""Write down what a customer says to a charge."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.payment import Account, ApprovedHow, Posting
from dispatch.domain.states.charge import CHARGE, ChargeAction, ChargeState
from dispatch.errors import InvalidValue
from dispatch.operations.money.held import billed_charge
from dispatch.store.database import Database
from dispatch.store.ledger import check_currency, post


def decide_charge(
    database: Database,
    actor: Actor,
    charge_id: UUID,
    *,
    approve: bool,
    customer: str,
    how: ApprovedHow,
) -> None:
    """Let a charge be owed, or drop it.

    Parameters
    ----------
    customer
        Who decided, by name.
    how
        By which way they said so.

    Raises
    ------
    InvalidValue
        ``charge.who``: nobody is named.
    Missing
        There is no such charge.
    Refused
        ``state.charge``: that was decided before; ``money.currency``: it was proposed in another
        currency than everything is paid in now.
    """
    if not checks.has_print(customer):
        raise InvalidValue("charge.who")
    with database.work(actor) as work:
        job, row = billed_charge(work, charge_id)
        row.state = CHARGE.after(
            ChargeAction.APPROVE if approve else ChargeAction.DECLINE, row.state
        )
        row.decided_at, row.decided_by = work.now, actor.id
        row.customer, row.how = customer.strip(), how
        work.note(f"charge.{row.state.value}", row)
        if row.state is ChargeState.APPROVED:
            check_currency(work.session, row.currency)
            post(
                work,
                job,
                Posting.CHARGE,
                row.amount_minor,
                to=Account.RECEIVABLE,
                out_of=Account.REVENUE,
                charge=row,
            )
        work.commit()

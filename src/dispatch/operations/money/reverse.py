"""Take back a charge that should not have been approved."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.payment import Account, Posting
from dispatch.domain.states.charge import CHARGE, ChargeAction
from dispatch.errors import Refused
from dispatch.operations.money.held import billed_charge, expect_unsettled
from dispatch.store.database import Database
from dispatch.store.ledger import bill, check_currency, post


def reverse_charge(database: Database, actor: Actor, charge_id: UUID, *, why: str) -> None:
    """Let a charge be owed no longer; what was paid for it can then be given back.

    Raises
    ------
    Missing
        There is no such charge.
    Refused
        ``job.settled``; ``state.charge``: it is not owed; ``charge.waived``: what it was about has
        been let go already; ``money.currency``: it was owed in another currency than everything is
        paid in now.
    """
    with database.work(actor) as work:
        job, row = billed_charge(work, charge_id)
        expect_unsettled(job)
        row.state = CHARGE.after(ChargeAction.REVERSE, row.state)
        check_currency(work.session, row.currency)
        found = bill(work.session, job)
        if found.due_minor - row.amount_minor < found.waived_minor:
            raise Refused("charge.waived", job=job.key)
        post(
            work,
            job,
            Posting.CHARGE,
            row.amount_minor,
            to=Account.REVENUE,
            out_of=Account.RECEIVABLE,
            charge=row,
        )
        work.note("charge.reversed", row, why=why)
        work.commit()

"""A job that something is owed for."""

from __future__ import annotations

from uuid import UUID

from tests.databases import OWNER

from dispatch.domain.actor import Actor
from dispatch.domain.payment import ApprovedHow, Bill, PaymentMethod
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.look import bill_of
from dispatch.operations.money.propose import Proposal, propose_charge
from dispatch.operations.money.take import Money, take_payment
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow


def job_id(database: Database, key: str = "J1") -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(JobRow, key).id


def decide(database: Database, charge: UUID, *, approve: bool = True) -> None:
    decide_charge(
        database, OWNER, charge, approve=approve, customer="Mrs Li", how=ApprovedHow.PHONE
    )


def owed(database: Database, job: UUID, amount_minor: int) -> UUID:
    """Propose a charge and let the customer say yes; its id."""
    proposal = Proposal(text="Labour", unit_minor=amount_minor)
    charge = propose_charge(database, OWNER, job, proposal)
    decide(database, charge)
    return charge


def cash(amount_minor: int) -> Money:
    return Money(method=PaymentMethod.CASH, amount_minor=amount_minor, currency="EUR")


def card(amount_minor: int, reference: str) -> Money:
    return Money(
        method=PaymentMethod.CARD,
        amount_minor=amount_minor,
        currency="EUR",
        reference=reference,
    )


def paid(database: Database, job: UUID, amount_minor: int) -> UUID:
    return take_payment(database, OWNER, job, cash(amount_minor))


def bill(database: Database, job: UUID, actor: Actor = OWNER) -> Bill:
    return bill_of(database, actor, job).bill

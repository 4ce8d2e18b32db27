"""What customers, dispatchers and providers do about money."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.proofs.simulation.wanted import NOTHING, Deed, jobs_of
from tests.proofs.simulation.world import CUSTOMER, MANAGER, Ask, Wish, World

from dispatch.domain.actor import Actor
from dispatch.domain.payment import ApprovedHow, PaymentMethod
from dispatch.domain.states.charge import ChargeState
from dispatch.operations.money.arrive import payment_arrived
from dispatch.operations.money.ask import ask_payment
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.propose import Proposal, propose_charge
from dispatch.operations.money.refund import refund_payment
from dispatch.operations.money.reverse import reverse_charge
from dispatch.operations.money.take import Money, take_payment
from dispatch.operations.money.waive import waive
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow, PaymentRow
from dispatch.store.said import said


def charge(world: World) -> Wish | None:
    row = world.any(jobs_of())
    if row is None:
        return None
    what = Proposal(text="Labour", unit_minor=world.money())
    if world.draw.random() < 0.3:
        what = Proposal(item="call", quantity=2)
    return Wish(
        world.desk(),
        lambda by: propose_charge(world.database, by, row.id, what),
        UUID,
        ask=Ask(path=f"/jobs/{row.id}/charges", body=said(what)),
    )


def say_to_charge(world: World) -> Wish | None:
    """What a customer says to it."""
    query = select(ChargeRow).where(ChargeRow.state == ChargeState.PROPOSED)
    row = world.any(query.order_by(ChargeRow.id.desc()))
    approve = bool(world.draw.random() < 0.8)
    if row is None:
        return None

    def do(by: Actor) -> None:
        decide_charge(
            world.database, by, row.id, approve=approve, customer="Mrs Li", how=ApprovedHow.MESSAGE
        )

    return Wish(CUSTOMER, do, NOTHING)


def pay(world: World) -> Wish | None:
    """By hand, or as a provider tells, which may be told again."""
    query = select(ChargeRow).where(ChargeRow.state == ChargeState.APPROVED)
    owed = world.any(query.order_by(ChargeRow.id.desc()))
    if owed is None:
        return None
    amount = int(min(owed.amount_minor, world.money() * 3))
    reference = f"r-{world.number - int(world.draw.integers(3))}"
    money = Money(
        method=PaymentMethod.CARD, amount_minor=amount, currency="EUR", reference=reference
    )
    if world.draw.random() < 0.5:
        return Wish(
            world.desk(),
            lambda by: take_payment(world.database, by, owed.job_id, money),
            UUID,
            ask=Ask(path=f"/jobs/{owed.job_id}/payments", body=said(money)),
        )
    job = world.row(JobRow, owed.job_id)

    def arrive(by: Actor) -> UUID:
        return payment_arrived(world.database, by, job.key, money, notice=f"n-{reference}")

    return Wish(OWNER, arrive, UUID)


def give_back(world: World) -> Wish | None:
    row = world.any(select(PaymentRow).order_by(PaymentRow.id.desc()))
    amount = world.one_of((None, world.money()))
    if row is None:
        return None
    return Wish(
        MANAGER,
        lambda by: refund_payment(world.database, by, row.id, why="sorry", amount_minor=amount),
        UUID,
        ask=Ask(path=f"/payments/{row.id}/refund", body={"why": "sorry", "amount_minor": amount}),
    )


def take_back(world: World) -> Wish | None:
    """What should not have been charged."""
    query = select(ChargeRow).where(ChargeRow.state == ChargeState.APPROVED)
    row = world.any(query.order_by(ChargeRow.id.desc()))
    if row is None:
        return None
    return Wish(
        MANAGER,
        lambda by: reverse_charge(world.database, by, row.id, why="typed twice"),
        NOTHING,
        ask=Ask(path=f"/charges/{row.id}/reverse", body={"why": "typed twice"}),
    )


def ask_for(world: World) -> Wish | None:
    """A provider is to ask the customer."""
    query = select(ChargeRow).where(ChargeRow.state == ChargeState.APPROVED)
    owed = world.any(query.order_by(ChargeRow.id.desc()))
    if owed is None:
        return None
    amount = int(min(owed.amount_minor, world.money()))

    def do(by: Actor) -> str:
        return ask_payment(
            world.database,
            by,
            world.provider,
            owed.job_id,
            method=PaymentMethod.WECHAT,
            amount_minor=amount,
        )

    body = {"method": PaymentMethod.WECHAT, "amount_minor": amount}
    ask = Ask(path=f"/jobs/{owed.job_id}/payments/ask", body=body)
    return Wish(world.desk(), do, str, ask=ask)


def let_go(world: World) -> Wish | None:
    row = world.any(jobs_of())
    if row is None:
        return None
    return Wish(
        MANAGER,
        lambda by: waive(world.database, by, row.id, why="late"),
        int,
        ask=Ask(path=f"/jobs/{row.id}/waive", body={"why": "late"}),
    )


MONEY: dict[Deed, float] = {
    charge: 4,
    say_to_charge: 4,
    pay: 4,
    ask_for: 0.5,
    give_back: 1,
    take_back: 0.5,
    let_go: 0.5,
}
"""How often each is wanted."""

"""What is owed and paid: never more than is due, never changed, always summing to zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from tests.databases import OWNER, SetClock
from tests.operations.bills import bill, card, cash, decide, job_id, owed, paid
from tests.operations.boards import WORKER, Desk, two_technicians

from dispatch.domain.actor import Actor, Receipt
from dispatch.domain.payment import Account, ApprovedHow, PaymentMethod, Posting
from dispatch.domain.states.payment import PaymentState
from dispatch.errors import InvalidValue, Missing, Refused
from dispatch.operations.forget import forget
from dispatch.operations.money.arrive import payment_arrived
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.look import bill_of, receipt_of
from dispatch.operations.money.propose import Proposal, propose_charge
from dispatch.operations.money.refund import refund_payment
from dispatch.operations.money.reverse import reverse_charge
from dispatch.operations.money.take import Money, take_payment
from dispatch.operations.money.waive import waive
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.ledger import check_ledger, post
from dispatch.store.once import once
from dispatch.store.organisation import organisation_of
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.job_types import ServiceItemRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import LedgerRow, PaymentRow
from dispatch.store.rows.outlets import OutletRow

Wished = Callable[[Database, UUID], str]


@pytest.fixture
def job(database: Database) -> UUID:
    """Nothing is owed for it yet."""
    Desk(database).imported(two_technicians())
    return job_id(database)


def balances(database: Database) -> dict[Account, int]:
    with database.work(OWNER) as work:
        query = select(LedgerRow.account, func.sum(LedgerRow.amount_minor))
        rows = work.session.execute(query.group_by(LedgerRow.account))
        return {account: int(amount) for account, amount in rows if amount}


def unbalanced(database: Database) -> list[str]:
    with database.connect() as connection:
        return [finding.code for finding in check_ledger(connection)]


def kinds(database: Database) -> Counter[str]:
    with database.work(OWNER) as work:
        return Counter(work.session.scalars(select(EventRow.kind)))


def wished(name: str, do: Callable[[Database, Actor, UUID], object]) -> Wished:
    """Something that is wished for under a key of its own, so that it may come twice."""
    actor = replace(OWNER, receipt=Receipt(name, name.encode()))
    return lambda database, job: str(
        once(database, actor, object, lambda: do(database, actor, job))
    )


def pay_again(database: Database, actor: Actor, job: UUID) -> UUID:
    return take_payment(database, actor, job, cash(1_000))


def give_back(database: Database, actor: Actor, job: UUID) -> UUID:
    (paid, *_) = bill_of(database, OWNER, job).payments
    return refund_payment(database, actor, paid.id, why="broken", amount_minor=100)


def propose(database: Database, actor: Actor, job: UUID) -> UUID:
    return propose_charge(database, actor, job, Proposal(text="Pipe", unit_minor=500))


WISHES = {
    "pay": wished("pay", pay_again),
    "pay more": wished("pay more", lambda *given: take_payment(*given, cash(2_000))),
    "give back": wished("give back", give_back),
    "propose": wished("propose", propose),
    "let go": wished("let go", lambda *given: waive(*given, why="late")),
}


def refusal(attempt: object, *given: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        attempt(*given, **named)  # type: ignore[operator]
    return refused.value.code


def test_a_charge_is_owed_once_the_customer_has_said_yes(database: Database, job: UUID) -> None:
    proposal = Proposal(text="Ten metres of pipe", unit_minor=250, quantity=10)
    charge = propose_charge(database, OWNER, job, proposal)
    assert bill(database, job).due_minor == 0
    decide(database, charge)
    found = bill(database, job)
    assert (found.due_minor, found.open_minor, found.state) == (2_500, 2_500, PaymentState.DUE)
    (row,) = bill_of(database, OWNER, job).charges
    assert (row.customer, row.how, row.decided_by) == ("Mrs Li", ApprovedHow.PHONE, "owner")
    assert refusal(decide, database, charge, approve=False) == "state.charge"
    declined = propose_charge(database, OWNER, job, proposal)
    decide(database, declined, approve=False)
    assert bill(database, job).due_minor == 2_500
    assert balances(database) == {Account.RECEIVABLE: 2_500, Account.REVENUE: -2_500}
    with pytest.raises(InvalidValue, match="named"):
        decide_charge(
            database, OWNER, charge, approve=True, customer=" ", how=ApprovedHow.IN_PERSON
        )


def test_a_service_item_has_its_price(database: Database, job: UUID) -> None:
    with database.work(OWNER) as work:
        for key, currency in (("call-out", "EUR"), ("abroad", "SEK")):
            row = ServiceItemRow(key=key, name="Call-out fee", fee_minor=4_900, currency=currency)
            work.session.add(row)
        work.commit()
    decide(database, propose_charge(database, OWNER, job, Proposal(item="call-out", quantity=2)))
    (row,) = bill_of(database, OWNER, job).charges
    assert (row.text, row.quantity, row.amount_minor) == ("Call-out fee", 2, 9_800)
    abroad = Proposal(item="abroad")
    assert refusal(propose_charge, database, OWNER, job, abroad) == "money.currency"
    with pytest.raises(Missing):
        propose_charge(database, OWNER, job, Proposal(item="nothing"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "charge.what"),
        ({"text": "x"}, "charge.what"),
        ({"unit_minor": 5}, "charge.what"),
        ({"item": "x", "unit_minor": 5}, "charge.what"),
        ({"text": "x", "unit_minor": 0}, "value.range"),
        ({"text": "x", "unit_minor": 5, "quantity": 0}, "value.range"),
    ],
)
def test_what_no_charge_can_be(given: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Proposal(**given)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize("amount_minor", [0, -1, 10**12 + 1])
def test_what_no_payment_can_be(amount_minor: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        cash(amount_minor)
    assert refused.value.code == "value.range"
    with pytest.raises(InvalidValue) as nameless:
        card(5, " ")
    assert nameless.value.code == "payment.reference"


def test_nobody_pays_more_than_is_open(database: Database, job: UUID) -> None:
    assert refusal(paid, database, job, 1) == "payment.too-much"
    owed(database, job, 10_000)
    assert refusal(paid, database, job, 10_001) == "payment.too-much"
    paid(database, job, 4_000)
    assert bill(database, job).state is PaymentState.PARTLY_PAID
    assert refusal(paid, database, job, 6_001) == "payment.too-much"
    take_payment(database, OWNER, job, card(6_000, "terminal 7"))
    found = bill(database, job)
    assert (found.state, found.open_minor, found.paid_minor) == (PaymentState.PAID, 0, 10_000)
    sek = replace(cash(1), currency="SEK")
    assert refusal(take_payment, database, OWNER, job, sek) == "money.currency"
    assert balances(database) == {
        Account.CASH: 4_000,
        Account.CARD: 6_000,
        Account.REVENUE: -10_000,
    }


def test_of_many_at_once_who_pay_everything_one_wins(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)

    def attempt(number: int) -> str:
        try:
            take_payment(database, OWNER, job, card(10_000, f"slip {number}"))
        except Refused as refused:
            return refused.code
        return "paid"

    with ThreadPoolExecutor(8) as pool:
        outcome = Counter(pool.map(attempt, range(8)))
    assert outcome == {"paid": 1, "payment.too-much": 7}
    assert bill(database, job).paid_minor == 10_000


def test_of_many_refunds_at_once_one_wins(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    payment = paid(database, job, 10_000)

    def attempt(_: int) -> str:
        try:
            refund_payment(database, OWNER, payment, why="a mistake", amount_minor=6_000)
        except Refused as refused:
            return refused.code
        return "refunded"

    with ThreadPoolExecutor(8) as pool:
        outcome = Counter(pool.map(attempt, range(8)))
    assert outcome == {"refunded": 1, "refund.too-much": 7}
    assert bill(database, job).refunded_minor == 6_000


def test_the_same_slip_counts_once(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    slip = card(3_000, "slip 1")
    payment = take_payment(database, OWNER, job, slip)
    assert refusal(take_payment, database, OWNER, job, slip) == "payment.known"
    refund_payment(database, OWNER, payment, why="typed into the wrong job")
    take_payment(database, OWNER, job, slip)
    assert bill(database, job).open_minor == 7_000


def test_a_wish_that_comes_twice_is_paid_once(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    actor = replace(OWNER, receipt=Receipt("tap", b"pay 4000"))
    answers = [
        once(database, actor, UUID, lambda: take_payment(database, actor, job, cash(4_000)))
        for _ in range(3)
    ]
    assert len(set(answers)) == 1
    assert bill(database, job).paid_minor == 4_000
    assert kinds(database)["payment.taken"] == 1


def test_a_wish_about_money_is_granted_once_however_late_it_comes_again(
    database: Database, clock: SetClock, job: UUID
) -> None:
    owed(database, job, 10_000)
    first = {name: do(database, job) for name, do in WISHES.items()}
    assert bill(database, job).paid_minor == 3_000
    owed(database, job, 10_000)
    found, events = bill(database, job), kinds(database)
    clock.forward(days=400)
    while forget(database, WORKER):
        pass
    for name, do in WISHES.items():
        assert do(database, job) == first[name], name
        other = replace(OWNER, receipt=Receipt(name, b"something else"))
        assert refusal(once, database, other, UUID, lambda: None) == "receipt.other-wish"
    assert (bill(database, job), kinds(database)) == (found, events)


def test_what_is_not_about_money_is_forgotten(
    database: Database, clock: SetClock, job: UUID
) -> None:
    actor = replace(OWNER, receipt=Receipt("note", b"x"))
    with database.work(actor) as work:
        work.get(JobRow, job).name = "Another"
        work.commit()
    clock.forward(days=4)
    assert forget(database, WORKER) == 1


def test_no_more_is_given_back_than_was_paid(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    payment = paid(database, job, 10_000)
    with pytest.raises(InvalidValue):
        refund_payment(database, OWNER, payment, why="x", amount_minor=0)
    wanted = {"why": "broken again", "amount_minor": 10_001}
    assert refusal(refund_payment, database, OWNER, payment, **wanted) == "refund.too-much"
    part = refund_payment(database, OWNER, payment, why="broken again", amount_minor=4_000)
    found = bill(database, job)
    assert (found.state, found.open_minor) == (PaymentState.PARTLY_PAID, 4_000)
    assert refusal(refund_payment, database, OWNER, part, why="x") == "refund.of-refund"
    refund_payment(database, OWNER, payment, why="all of it")
    assert bill(database, job).state is PaymentState.REFUNDED
    assert refusal(refund_payment, database, OWNER, payment, why="x") == "refund.too-much"
    rows = bill_of(database, OWNER, job).payments
    assert [row.amount_minor for row in rows if row.reverses_id == payment] == [4_000, 6_000]
    assert balances(database) == {Account.RECEIVABLE: 10_000, Account.REVENUE: -10_000}


def test_what_is_left_is_let_go(database: Database, job: UUID) -> None:
    assert refusal(waive, database, OWNER, job, why="kind") == "waive.nothing"
    owed(database, job, 10_000)
    payment = paid(database, job, 9_000)
    assert waive(database, OWNER, job, why="late, and sorry") == 1_000
    found = bill(database, job)
    assert (found.state, found.waived_minor, found.open_minor) == (PaymentState.WAIVED, 1_000, 0)
    assert refusal(paid, database, job, 1) == "payment.too-much"
    refund_payment(database, OWNER, payment, why="wrong card", amount_minor=500)
    assert bill(database, job).state is PaymentState.PARTLY_PAID
    with database.work(OWNER) as work:
        query = select(EventRow).where(EventRow.kind == "job.waived")
        event = work.session.scalars(query).one()
    assert event.note == "late, and sorry"
    assert event.after == {"waived_minor": 1_000, "currency": "EUR"}


def test_a_charge_that_was_wrong_is_taken_back_and_what_was_paid_is_given_back(
    database: Database, job: UUID
) -> None:
    owed(database, job, 4_000)
    wrong = propose_charge(database, OWNER, job, Proposal(text="Twice", unit_minor=4_000))
    assert refusal(reverse_charge, database, OWNER, wrong, why="x") == "state.charge"
    decide(database, wrong)
    payment = paid(database, job, 8_000)
    reverse_charge(database, OWNER, wrong, why="typed twice")
    found = bill(database, job)
    assert (found.due_minor, found.open_minor, found.state) == (4_000, -4_000, PaymentState.PAID)
    refund_payment(database, OWNER, payment, why="typed twice", amount_minor=4_000)
    assert bill(database, job).open_minor == 0
    assert refusal(reverse_charge, database, OWNER, wrong, why="again") == "state.charge"
    assert balances(database) == {Account.CASH: 4_000, Account.REVENUE: -4_000}
    assert unbalanced(database) == []
    assert kinds(database)["charge.reversed"] == 1
    receipt = receipt_of(database, OWNER, payment)
    assert [line.amount_minor for line in receipt.lines] == [4_000]


def test_what_was_let_go_is_not_taken_back_as_well(database: Database, job: UUID) -> None:
    owed(database, job, 4_000)
    (charge,) = bill_of(database, OWNER, job).charges
    waive(database, OWNER, job, why="sorry")
    assert refusal(reverse_charge, database, OWNER, charge.id, why="x") == "charge.waived"
    owed(database, job, 6_000)
    reverse_charge(database, OWNER, charge.id, why="the rest stays")
    assert bill(database, job).open_minor == 2_000


def test_money_that_arrives_is_written_down_once_and_whole(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    money = Money(
        method=PaymentMethod.WECHAT, amount_minor=12_000, currency="EUR", reference="wx-1"
    )
    first = payment_arrived(database, OWNER, "J1", money, notice="event-1")
    assert payment_arrived(database, OWNER, "J1", money, notice="event-1") == first
    assert payment_arrived(database, OWNER, "J1", money, notice="event-2") == first
    found = bill(database, job)
    assert (found.state, found.open_minor) == (PaymentState.PAID, -2_000)
    other = replace(money, amount_minor=1)
    told = (database, OWNER, "J1", other)
    assert refusal(payment_arrived, *told, notice="event-1") == "payment.known"
    told = (database, OWNER, "J2", replace(money, reference="wx-2"))
    assert refusal(payment_arrived, *told, notice="event-1") == "payment.known"
    refund_payment(database, OWNER, first, why="too much", amount_minor=2_000)
    assert bill(database, job).open_minor == 0


def test_what_was_written_down_by_hand_is_not_counted_again(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    money = Money(
        method=PaymentMethod.ALIPAY, amount_minor=10_000, currency="EUR", reference="ali-1"
    )
    by_hand = take_payment(database, OWNER, job, money)
    assert payment_arrived(database, OWNER, "J1", money, notice="event-1") == by_hand
    assert bill(database, job).paid_minor == 10_000


def test_nor_is_it_when_it_was_given_back(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    money = Money(
        method=PaymentMethod.WECHAT, amount_minor=10_000, currency="EUR", reference="wx-7"
    )
    by_hand = take_payment(database, OWNER, job, money)
    refund_payment(database, OWNER, by_hand, why="called off", amount_minor=10_000)
    assert payment_arrived(database, OWNER, "J1", money, notice="event-1") == by_hand
    found = bill(database, job)
    assert (found.paid_minor, found.refunded_minor) == (10_000, 10_000)
    payment_arrived(database, OWNER, "J2", money, notice="event-2")  # it was for another job


def test_an_event_is_told_of_one_payment(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    money = Money(method=PaymentMethod.WECHAT, amount_minor=5_000, currency="EUR", reference="wx-8")
    payment_arrived(database, OWNER, "J1", money, notice="event-1")
    told = (database, OWNER, "J1", replace(money, reference="wx-9"))
    assert refusal(payment_arrived, *told, notice="event-1") == "payment.known"


def test_the_number_of_one_payment_is_not_that_of_another(database: Database, job: UUID) -> None:
    """Slips of card terminals and transfers may be there more than once, on other jobs."""
    owed(database, job, 10_000)
    other = job_id(database, "J2")
    owed(database, other, 10_000)
    for method, expected in ((PaymentMethod.WECHAT, 1), (PaymentMethod.CARD, 2)):
        money = Money(method=method, amount_minor=500, currency="EUR", reference="42")
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda on, money=money: wish(database, on, money), (job, other)))
        assert told.count("") == expected, told
        assert set(told) <= {"", "payment.known"}


def wish(database: Database, job: UUID, money: Money) -> str:
    try:
        take_payment(database, OWNER, job, money)
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("unseen", ["", " ", "\u200b", "\u2060 \u00a0"])
def test_a_reference_can_be_read(unseen: str) -> None:
    with pytest.raises(InvalidValue):
        Money(method=PaymentMethod.CARD, amount_minor=1, currency="EUR", reference=unseen)


def test_a_notice_told_many_times_at_once_is_one_payment(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    money = Money(method=PaymentMethod.WECHAT, amount_minor=500, currency="EUR", reference="wx-1")

    def tell(number: int) -> UUID | str:
        key = "J1" if number % 2 else "J2"
        try:
            return payment_arrived(database, OWNER, key, money, notice="event-1")
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        outcome = Counter(pool.map(tell, range(8)))
    assert outcome.pop("payment.known") == 4
    assert list(outcome.values()) == [4]
    with database.work(OWNER) as work:
        assert len(work.session.scalars(select(PaymentRow)).all()) == 1


def test_the_ledger_sums_to_zero_whatever_happens(database: Database, job: UUID) -> None:
    chance = np.random.default_rng(7)
    payments: list[UUID] = []
    done: Counter[str] = Counter()
    for _ in range(120):
        kind = str(chance.choice(["owed", "pay", "pay", "refund", "refund", "waive"]))
        amount = int(chance.integers(1, 9_000))
        try:
            if kind == "owed":
                owed(database, job, amount)
            elif kind == "pay":
                payments.append(paid(database, job, amount))
            elif kind == "refund" and payments:
                refund_payment(
                    database, OWNER, chance.choice(payments), why="x", amount_minor=amount
                )
            elif kind == "waive" and chance.random() < 0.3:
                waive(database, OWNER, job, why="x")
        except Refused as refused:
            kind = refused.code
        done[kind] += 1
        found = bill(database, job)
        assert found.open_minor >= 0
        assert 0 <= found.refunded_minor <= found.paid_minor
        assert sum(balances(database).values()) == 0
        assert balances(database).get(Account.RECEIVABLE, 0) == found.open_minor
    assert {"owed", "pay", "refund", "waive", "payment.too-much", "refund.too-much"} <= set(done)
    assert unbalanced(database) == []
    account = bill_of(database, OWNER, job)
    kept = sum(-p.amount_minor if p.reverses_id else p.amount_minor for p in account.payments)
    assert balances(database).get(Account.CASH, 0) == kept
    assert account.bill.due_minor == sum(charge.amount_minor for charge in account.charges)
    with database.connect() as connection:
        assert list(check_chain(connection)) == []


@pytest.mark.parametrize("table", ["payment", "ledger_line"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET amount_minor = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_what_was_written(
    database: Database, job: UUID, table: str, change: str
) -> None:
    owed(database, job, 10_000)
    paid(database, job, 10_000)
    with database.connect() as connection, pytest.raises(IntegrityError, match="only added"):
        connection.execute(text(change.format(table)))
    assert bill(database, job).paid_minor == 10_000


def test_the_database_refuses_a_posting_that_does_not_sum_to_zero(
    database: Database, job: UUID
) -> None:
    with database.work(OWNER) as work:
        row = work.get(JobRow, job)
        post(work, row, Posting.WAIVER, 5, to=Account.WAIVED, out_of=Account.RECEIVABLE)
        for line in work.session.new:
            line.amount_minor = 4
        with pytest.raises(IntegrityError, match="sum to zero"):
            work.commit()


def test_a_ledger_that_was_tampered_with_is_found(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    assert unbalanced(database) == []
    with database.connect() as connection:
        connection.execute(text("ALTER TABLE ledger_line DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE ledger_line SET amount_minor = 9 WHERE amount_minor > 0"))
        connection.commit()
    assert unbalanced(database) == ["ledger.unbalanced"]


def test_money_of_another_outlet_is_not_there(database: Database, job: UUID) -> None:
    charge = owed(database, job, 10_000)
    payment = paid(database, job, 5_000)
    with database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    stranger = replace(OWNER, outlets=frozenset((other.id,)))
    attempts = (
        lambda: bill_of(database, stranger, job),
        lambda: receipt_of(database, stranger, payment),
        lambda: propose_charge(database, stranger, job, Proposal(text="x", unit_minor=1)),
        lambda: decide_charge(
            database, stranger, charge, approve=True, customer="x", how=ApprovedHow.PHONE
        ),
        lambda: take_payment(database, stranger, job, cash(1)),
        lambda: refund_payment(database, stranger, payment, why="x"),
        lambda: waive(database, stranger, job, why="x"),
    )
    for attempt in attempts:
        with pytest.raises(Missing):
            attempt()
    assert bill(database, job).open_minor == 5_000


def test_money_in_a_currency_of_before_is_left_alone(database: Database, job: UUID) -> None:
    owed(database, job, 10_000)
    payment = paid(database, job, 5_000)
    with database.work(OWNER) as work:
        house = organisation_of(work.session)
        house.policy = {**house.policy, "currency": "SEK"}
        work.commit()
    assert (bill(database, job).currency, bill(database, job).open_minor) == ("SEK", 0)
    assert refusal(refund_payment, database, OWNER, payment, why="x") == "money.currency"
    receipt = receipt_of(database, OWNER, payment)
    assert (receipt.bill.currency, receipt.bill.open_minor) == ("EUR", 5_000)
    assert [line.amount_minor for line in receipt.lines] == [10_000]
    assert unbalanced(database) == []

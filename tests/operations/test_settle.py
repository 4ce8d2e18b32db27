"""What is done is looked at, and closed for good once its money is right."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.bills import bill, card, cash, decide, owed, paid
from tests.operations.phones import K, outcomes, say, whole
from tests.planning.made import day as made_day
from tests.planning.made import job, technician

from dispatch.domain.payment import PaymentMethod
from dispatch.domain.states.job import JobState
from dispatch.errors import Refused
from dispatch.gateways.payments import RecordingGateway
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job
from dispatch.operations.jobs.notes import note_job
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.settle import settle_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.operations.links.make import make_link
from dispatch.operations.links.rate import rate_job
from dispatch.operations.money.arrive import payment_arrived
from dispatch.operations.money.ask import ask_payment
from dispatch.operations.money.propose import Proposal, propose_charge
from dispatch.operations.money.refund import refund_payment
from dispatch.operations.money.reverse import reverse_charge
from dispatch.operations.money.take import take_payment
from dispatch.operations.money.waive import waive
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow

LABOUR = Proposal(text="Labour", unit_minor=5_000)


@pytest.fixture
def verified(database: Database, done: UUID) -> UUID:
    """The same, once somebody has looked at it."""
    verify_job(database, OWNER, done)
    return done


def state(database: Database, job: UUID) -> JobState:
    with database.work(OWNER) as work:
        return work.get(JobRow, job).state


def refused(do: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as found:
        do()
    return found.value


def settled_after(database: Database, job: UUID, *, paid_minor: int) -> UUID:
    """50.00 were due; the job is settled, and the payment is answered."""
    owed(database, job, 5_000)
    payment = paid(database, job, paid_minor)
    settle_job(database, OWNER, job)
    return payment


def test_it_is_verified_with_what_was_seen(database: Database, done: UUID) -> None:
    verify_job(database, OWNER, done, note="Looked at the photos.")
    assert state(database, done) is JobState.VERIFIED
    with database.work(OWNER) as work:
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "job.verified")).one()
    assert (event.before, event.after) == ({"state": "completed"}, {"state": "verified"})
    assert event.note == "Looked at the photos."
    assert audit(database).findings == ()


def test_only_what_is_done_is_verified_and_only_what_is_verified_settled(
    database: Database, visit: VisitRow
) -> None:
    job = visit.job_id
    assert refused(lambda: verify_job(database, OWNER, job)).code == "state.job"
    assert refused(lambda: settle_job(database, OWNER, job)).code == "state.job"
    say(database, visit, *whole(visit))
    assert refused(lambda: settle_job(database, OWNER, job)).code == "state.job"
    verify_job(database, OWNER, job)
    assert refused(lambda: verify_job(database, OWNER, job)).code == "state.job"
    settle_job(database, OWNER, job)
    for again in (verify_job, settle_job):
        assert refused(lambda do=again: do(database, OWNER, job)).code == "state.job"


def test_nothing_was_charged_and_nothing_is_open(database: Database, verified: UUID) -> None:
    settle_job(database, OWNER, verified)
    assert state(database, verified) is JobState.SETTLED
    assert audit(database).findings == ()


def test_what_is_open_has_to_come_first(database: Database, verified: UUID) -> None:
    owed(database, verified, 5_000)
    for amount in (5_000, 3_000):
        error = refused(lambda: settle_job(database, OWNER, verified))
        assert error.code == "job.open-balance"
        assert error.values == {"job": "J1", "amount": amount, "currency": "EUR"}
        assert error.finding().cause("zh") != error.finding().cause("en")
        paid(database, verified, 2_000)
    assert state(database, verified) is JobState.VERIFIED
    paid(database, verified, 1_000)
    settle_job(database, OWNER, verified)


def test_what_was_paid_too_much_is_given_back_first(database: Database, verified: UUID) -> None:
    owed(database, verified, 5_000)
    more = card(6_000, "c-1")
    payment = payment_arrived(database, OWNER, "J1", more, notice="e-1")
    error = refused(lambda: settle_job(database, OWNER, verified))
    assert error.values["amount"] == -1_000
    refund_payment(database, OWNER, payment, why="too much", amount_minor=1_000)
    settle_job(database, OWNER, verified)


def test_what_was_let_go_or_taken_back_is_open_no_longer(
    database: Database, verified: UUID
) -> None:
    charge = owed(database, verified, 5_000)
    owed(database, verified, 700)
    reverse_charge(database, OWNER, charge, why="typed twice")
    assert refused(lambda: settle_job(database, OWNER, verified)).values["amount"] == 700
    waive(database, OWNER, verified, why="late")
    settle_job(database, OWNER, verified)


def test_a_charge_that_waits_for_the_customer_comes_first(
    database: Database, verified: UUID
) -> None:
    charge = propose_charge(database, OWNER, verified, LABOUR)
    error = refused(lambda: settle_job(database, OWNER, verified))
    assert (error.code, error.values) == ("job.charges-wait", {"job": "J1", "count": 1})
    decide(database, charge, approve=False)
    settle_job(database, OWNER, verified)


def ask(database: Database, job: UUID) -> str:
    gateway, way = RecordingGateway(), PaymentMethod.WECHAT
    return ask_payment(database, OWNER, gateway, job, method=way, amount_minor=1)


def give_up(database: Database, job: UUID) -> None:
    cancel_job(database, OWNER, job, why="x")


CLOSED: dict[str, tuple[str, Callable[[Database, UUID], Any]]] = {
    "edit": ("job.begun", lambda d, j: edit_job(d, OWNER, j, job("J1", priority=1), expected=None)),
    "priority": ("job.begun", lambda d, j: prioritise_job(d, OWNER, j, 1)),
    "hold": ("state.job", lambda d, j: hold_job(d, OWNER, j, why="x")),
    "cancel": ("state.job", give_up),
    "split": ("state.job", lambda d, j: split_job(d, OWNER, j, [Part(duration_s=1_800)] * 2)),
    "reopen": ("state.job", lambda d, j: reopen_job(d, OWNER, j, why="x")),
    "charge": ("job.settled", lambda d, j: propose_charge(d, OWNER, j, LABOUR)),
    "pay": ("job.settled", lambda d, j: take_payment(d, OWNER, j, cash(1))),
    "ask": ("job.settled", ask),
}


@pytest.mark.parametrize("what", CLOSED)
def test_what_is_settled_is_not_changed(database: Database, verified: UUID, what: str) -> None:
    settled_after(database, verified, paid_minor=5_000)
    code, do = CLOSED[what]
    assert refused(lambda: do(database, verified)).code == code
    assert state(database, verified) is JobState.SETTLED


def test_a_charge_of_a_settled_job_is_not_taken_back(database: Database, verified: UUID) -> None:
    charge = owed(database, verified, 5_000)
    paid(database, verified, 5_000)
    settle_job(database, OWNER, verified)
    error = refused(lambda: reverse_charge(database, OWNER, charge, why="x"))
    assert error.code == "job.settled"


def test_a_file_leaves_it_as_it_is(database: Database, verified: UUID) -> None:
    settle_job(database, OWNER, verified)
    changed = made_day([job("J1", priority=1)], [technician("T1"), technician("T2")])
    told = [finding.code for finding in import_day(database, OWNER, changed).findings]
    assert "import.job.over" in told
    with database.work(OWNER) as work:
        assert work.get(JobRow, verified).priority == 3


def test_money_is_still_given_back_and_let_go(database: Database, verified: UUID) -> None:
    payment = settled_after(database, verified, paid_minor=5_000)
    refund_payment(database, OWNER, payment, why="a scratch", amount_minor=500)
    assert bill(database, verified).open_minor == 500
    assert waive(database, OWNER, verified, why="a scratch") == 500
    assert bill(database, verified).open_minor == 0
    assert state(database, verified) is JobState.SETTLED


def test_what_a_provider_tells_of_late_is_written_down_and_given_back(
    database: Database, verified: UUID
) -> None:
    settled_after(database, verified, paid_minor=5_000)
    money = card(5_000, "c-1")
    late = payment_arrived(database, OWNER, "J1", money, notice="e-1")
    assert payment_arrived(database, OWNER, "J1", money, notice="e-1") == late
    assert bill(database, verified).open_minor == -5_000
    refund_payment(database, OWNER, late, why="paid twice")
    assert bill(database, verified).open_minor == 0
    assert audit(database).findings == ()


def test_it_is_noted_and_rated_still(database: Database, verified: UUID) -> None:
    settle_job(database, OWNER, verified)
    note_job(database, OWNER, verified, noted="The customer has called to thank.")
    link = make_link(database, OWNER, verified, days=1)
    rate_job(database, OWNER, verified, link.id, stars=5)


def test_what_a_phone_says_late_is_kept(
    database: Database, verified: UUID, visit: VisitRow
) -> None:
    settle_job(database, OWNER, verified)
    late = whole(visit, K.NOT_DONE)
    told = outcomes(say(database, visit, *late, device="phone-2"))
    assert set(told) == {"action.ended", "action.no-reason"}
    assert state(database, verified) is JobState.SETTLED


def test_of_a_charge_and_a_settlement_at_once_one_waits_for_the_other(
    database: Database, verified: UUID
) -> None:
    """Whatever comes first: what is settled has nothing that waits."""
    told: list[str] = []

    def charge() -> None:
        try:
            propose_charge(database, OWNER, verified, LABOUR)
            told.append("charged")
        except Refused as error:
            told.append(error.code)

    with database.work(OWNER) as work:
        work.get(JobRow, verified, lock=True)
        thread = Thread(target=charge)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    settle_or_not = [*_settled(database, verified)]
    thread.join(30)
    assert [*settle_or_not, *told] in (
        ["settled", "job.settled"],
        ["job.charges-wait", "charged"],
    )


def _settled(database: Database, job: UUID) -> list[str]:
    try:
        settle_job(database, OWNER, job)
    except Refused as error:
        return [error.code]
    return ["settled"]

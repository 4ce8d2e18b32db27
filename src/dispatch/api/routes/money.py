"""What customers owe and pay: bills, charges, payments, receipts."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from dispatch.api.bills import Asked, Asking, BillView, Decision, NewCharge, NewPayment, Refund
from dispatch.api.caller import TheCaller
from dispatch.api.routes.jobs import Because
from dispatch.errors import Missing
from dispatch.operations.money.ask import ask_payment
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.held import check_charge, job_of_charge, job_of_own, job_of_payment
from dispatch.operations.money.look import bill_of, receipt_of
from dispatch.operations.money.propose import propose_charge
from dispatch.operations.money.refund import refund_payment
from dispatch.operations.money.reverse import reverse_charge
from dispatch.operations.money.take import take_payment
from dispatch.operations.money.waive import waive
from dispatch.store.own_route import is_whole

router = APIRouter(tags=["money"])

PDF = "application/pdf"


@router.get("/jobs/{job}/bill", name="money.bill")
def bill(caller: TheCaller, job: UUID) -> BillView:
    """What a job costs its customer, and what has come of it."""
    return BillView.of(bill_of(caller.house.database, caller.actor, job))


@router.post("/jobs/{job}/charges", name="money.charge", status_code=status.HTTP_201_CREATED)
def charge(caller: TheCaller, job: UUID, given: NewCharge) -> BillView:
    """Propose a charge; it is owed once the customer has said yes."""
    database = caller.house.database
    caller.once(UUID, lambda: propose_charge(database, caller.actor, job, given.proposal()))
    return bill(caller, job)


@router.post("/charges/{charge}/decide", name="money.decide")
def decide(caller: TheCaller, charge: UUID, given: Decision) -> BillView:
    """Write down what the customer says to a charge."""
    caller.once(type(None), lambda: _decide(caller, charge, given))
    return bill(caller, job_of_charge(caller.house.database, caller.actor, charge))


@router.post("/charges/{charge}/reverse", name="money.reverse")
def reverse(caller: TheCaller, charge: UUID, given: Because) -> BillView:
    """Take back a charge that should not have been approved."""
    database = caller.house.database
    caller.once(type(None), lambda: reverse_charge(database, caller.actor, charge, why=given.why))
    return bill(caller, job_of_charge(database, caller.actor, charge))


@router.post("/jobs/{job}/payments", name="money.pay", status_code=status.HTTP_201_CREATED)
def pay(caller: TheCaller, job: UUID, given: NewPayment) -> BillView:
    """Take money, at most what is open."""
    database = caller.house.database
    caller.once(UUID, lambda: take_payment(database, caller.actor, job, given.money()))
    return bill(caller, job)


@router.post("/jobs/{job}/payments/ask", name="money.ask", status_code=status.HTTP_202_ACCEPTED)
def ask(caller: TheCaller, job: UUID, given: Asking) -> Asked:
    """Let the payment provider ask the customer; it tells of the payment when it has arrived."""
    return Asked(reference=caller.once(str, lambda: _ask(caller, job, given)))


def _ask(caller: TheCaller, job: UUID, given: Asking) -> str:
    gateway = caller.house.payments
    if gateway is None:
        raise Missing("gateway.none")
    return ask_payment(
        caller.house.database,
        caller.actor,
        gateway,
        job,
        method=given.method,
        amount_minor=given.amount_minor,
    )


@router.post("/payments/{payment}/refund", name="money.refund", status_code=status.HTTP_201_CREATED)
def refund(caller: TheCaller, payment: UUID, given: Refund) -> BillView:
    """Reverse a payment or a part of it, in the books: the money is given back apart from that."""
    database = caller.house.database
    caller.once(
        UUID,
        lambda: refund_payment(
            database,
            caller.actor,
            payment,
            why=given.why,
            amount_minor=given.amount_minor,
            reference=given.reference,
        ),
    )
    return bill(caller, job_of_payment(database, caller.actor, payment))


@router.post("/jobs/{job}/waive", name="money.waive")
def let_go(caller: TheCaller, job: UUID, given: Because) -> BillView:
    """Let go of all that is open."""
    caller.once(int, lambda: waive(caller.house.database, caller.actor, job, why=given.why))
    return bill(caller, job)


@router.get(
    "/payments/{payment}/receipt",
    name="money.receipt",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}},
)
def receipt(
    caller: TheCaller, payment: UUID, lang: Annotated[Literal["en", "zh"], Query()] = "en"
) -> Response:
    """A receipt for the customer, as a PDF of one page."""
    from dispatch.report.receipt import receipt_pdf  # some 40 MB that most servers never need

    found = receipt_of(caller.house.database, caller.actor, payment)
    name = f'inline; filename="{payment}.pdf"'
    content = receipt_pdf(found, lang=lang)
    return Response(content, media_type=PDF, headers={"Content-Disposition": name})


@router.get("/me/visits/{visit}/bill", name="own.bill")
def own_bill(caller: TheCaller, visit: UUID) -> BillView:
    """The bill of the job of a visit that is one's own."""
    return _own_bill(caller, visit, _own(caller, visit))


@router.post("/me/visits/{visit}/charges", name="own.charge", status_code=status.HTTP_201_CREATED)
def own_charge(caller: TheCaller, visit: UUID, given: NewCharge) -> BillView:
    """Propose a charge on site."""
    database = caller.house.database
    made = caller.once(
        UUID,
        lambda: propose_charge(
            database,
            caller.actor,
            _own(caller, visit),
            given.proposal(),
            technician=caller.technician,
        ),
    )
    return _own_bill(caller, visit, job_of_charge(database, caller.actor, made))


@router.post("/me/visits/{visit}/payments", name="own.pay", status_code=status.HTTP_201_CREATED)
def own_pay(caller: TheCaller, visit: UUID, given: NewPayment) -> BillView:
    """Take money on site."""
    database = caller.house.database
    made = caller.once(
        UUID,
        lambda: take_payment(
            database,
            caller.actor,
            _own(caller, visit),
            given.money(),
            technician=caller.technician,
        ),
    )
    return _own_bill(caller, visit, job_of_payment(database, caller.actor, made))


@router.post("/me/visits/{visit}/charges/{charge}/decide", name="own.decide")
def own_decide(caller: TheCaller, visit: UUID, charge: UUID, given: Decision) -> BillView:
    """Write down on site what the customer says to a charge."""
    database = caller.house.database

    def decide() -> None:
        check_charge(database, caller.actor, charge, _own(caller, visit))
        _decide(caller, charge, given)

    caller.once(type(None), decide)
    return _own_bill(caller, visit, job_of_charge(database, caller.actor, charge))


def _decide(caller: TheCaller, charge: UUID, given: Decision) -> None:
    decide_charge(
        caller.house.database,
        caller.actor,
        charge,
        approve=given.approve,
        customer=given.customer,
        how=given.how,
    )


def _own(caller: TheCaller, visit: UUID) -> UUID:
    """Asked within `once`: a repeat is answered also when the visit has gone to somebody else."""
    return job_of_own(caller.house.database, caller.actor, visit, caller.technician)


def _own_bill(caller: TheCaller, visit: UUID, job: UUID) -> BillView:
    with caller.house.database.work(caller.actor) as work:
        whole = is_whole(work, visit)
    told = bill(caller, job)
    return told if whole else told.nameless()

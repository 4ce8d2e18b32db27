"""Payments and the ledger as lists, for whoever runs the money."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy import Select, select

from dispatch.api.asked import OfOutlet
from dispatch.api.bills import PaymentView
from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.texts import OnDay
from dispatch.domain.payment import Account, PaymentMethod, Posting
from dispatch.domain.states.payment import PaymentState
from dispatch.store.board import zone_of
from dispatch.store.listed_money import OfJob, Wanted, jobs_of, lines, payments
from dispatch.store.rows.money import LedgerRow, PaymentRow

router = APIRouter(tags=["money"])


def wanted_(
    first: Annotated[OnDay | None, Query(description="On this day or later.")] = None,
    last: Annotated[OnDay | None, Query(description="On this day or before.")] = None,
    method: Annotated[list[PaymentMethod], Query(max_length=10)] = [],  # noqa: B006 - FastAPI's own
    state: Annotated[
        list[PaymentState], Query(max_length=10, description="Where the bill of the job stands.")
    ] = [],  # noqa: B006 - FastAPI's own
    technician: Annotated[
        UUID | None, Query(description="Who took it, or proposed what it is for, on site.")
    ] = None,
    job: Annotated[UUID | None, Query(description="For this job.")] = None,
    outlet: OfOutlet = None,
) -> Wanted:
    """Which money is asked for."""
    return Wanted(
        first=first,
        last=last,
        methods=method,
        states=state,
        technician=technician,
        job=job,
        outlet=outlet,
    )


OfMoney = Annotated[Wanted, Depends(wanted_)]


class ListedPayment(PaymentView):
    """Money that came in or went back, and for what."""

    currency: str
    job: UUID
    job_key: str
    state: PaymentState
    """Where the bill of the job stands."""
    outlet: UUID
    taken_by: str
    """The id of the account or program that wrote it down."""

    @staticmethod
    def listed(row: PaymentRow, job: OfJob) -> ListedPayment:
        """As it is kept."""
        return ListedPayment(
            **PaymentView.of(row).model_dump(),
            currency=row.currency,
            job=row.job_id,
            job_key=job.key,
            state=job.state,
            outlet=row.outlet_id,
            taken_by=row.taken_by,
        )


class LedgerLine(BaseModel):
    """What one account gets from another, or gives: the lines of an entry sum to zero."""

    id: UUID
    entry: UUID
    posting: Posting
    account: Account
    amount_minor: int
    currency: str
    at: datetime
    job: UUID
    job_key: str
    state: PaymentState
    """Where the bill of the job stands."""
    outlet: UUID
    charge: UUID | None
    payment: UUID | None

    @staticmethod
    def listed(row: LedgerRow, job: OfJob) -> LedgerLine:
        """As it is kept."""
        return LedgerLine(
            id=row.id,
            entry=row.posting_id,
            posting=row.posting,
            account=row.account,
            amount_minor=row.amount_minor,
            currency=row.currency,
            at=row.at,
            job=row.job_id,
            job_key=job.key,
            state=job.state,
            outlet=row.outlet_id,
            charge=row.charge_id,
            payment=row.payment_id,
        )


@router.get("/payments", name="payments.list")
def payments_(
    caller: TheCaller, wanted: OfMoney, after: After = None, limit: Limit = USUAL
) -> Page[ListedPayment]:
    """Payments and refunds, by day, method, technician, job, outlet and where the bill stands."""
    with caller.house.database.work(caller.actor) as work:
        zone = zone_of(work.session) if wanted.by_day else None
        query: Select[Any] = payments(select(PaymentRow), wanted, zone)
        page = page_of(work, query, PaymentRow, after, limit, lambda row: row)
        jobs = jobs_of(work.session, page.items)
        told = [ListedPayment.listed(row, jobs[row.id]) for row in page.items]
        return Page(items=told, next=page.next)


@router.get("/ledger", name="ledger.list")
def ledger(
    caller: TheCaller,
    wanted: OfMoney,
    account: Annotated[list[Account], Query(max_length=10)] = [],  # noqa: B006 - FastAPI's own
    after: After = None,
    limit: Limit = USUAL,
) -> Page[LedgerLine]:
    """The lines of the ledger, of some accounts or all, narrowed as payments are."""
    with caller.house.database.work(caller.actor) as work:
        zone = zone_of(work.session) if wanted.by_day else None
        query: Select[Any] = lines(select(LedgerRow), wanted, zone)
        if account:
            query = query.where(LedgerRow.account.in_(account))
        page = page_of(work, query, LedgerRow, after, limit, lambda row: row)
        jobs = jobs_of(work.session, page.items)
        told = [LedgerLine.listed(row, jobs[row.id]) for row in page.items]
        return Page(items=told, next=page.next)

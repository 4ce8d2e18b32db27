"""Look at a job as its customer may see it: no address, nobody's phone, no other job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.completion import WITH_CODE
from dispatch.domain.customer_link import rough, short_name
from dispatch.domain.payment import PaymentReceipt
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import BEGUN, ENDED, NOT_TOLD, VisitState
from dispatch.errors import Missing
from dispatch.operations.execute.demands import demands_of
from dispatch.operations.money.held import job_of_payment
from dispatch.operations.money.look import receipt_of
from dispatch.store.board import site_zone
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.links import RatingRow, WishRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

EXPECTED = (VisitState.DISPATCHED, VisitState.EN_ROUTE)
"""Somebody was told to come, and is not there yet."""
KNOWN = frozenset((VisitState.DISPATCHED, *BEGUN))
"""Whoever comes, or was there, may be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerVisit:
    """One visit, no more exactly than its customer needs it."""

    state: VisitState
    """``unscheduled`` also for what nobody was told of yet: it may change."""
    promised_from: datetime | None
    promised_to: datetime | None
    arrives_from: datetime | None
    arrives_to: datetime | None
    technician: str
    """Their given name; empty as long as it may be somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerJob:
    """A job as its customer may see it."""

    key: str
    name: str
    state: JobState
    zone: str
    """By whose wall clocks they count (IANA name)."""
    takes_code: bool
    """Whether a completion code closes its visits, which the customer may ask for."""
    visits: Sequence[CustomerVisit]
    wishes: Sequence[WishRow]
    rating: RatingRow | None


def look_at_job(database: Database, actor: Actor, job_id: UUID) -> CustomerJob:
    """What a customer may see of their job; raises Missing."""
    with database.work(actor) as work:
        job = work.get(JobRow, job_id)
        query = select(VisitRow).where(
            VisitRow.job_id == job.id, VisitRow.state != VisitState.CANCELLED
        )
        visits = work.session.scalars(query.order_by(VisitRow.part, VisitRow.seat)).all()
        wishes = select(WishRow).where(WishRow.job_id == job.id).order_by(WishRow.id)
        rating = select(RatingRow).where(RatingRow.job_id == job.id)
        return CustomerJob(
            key=job.key,
            name=job.name,
            state=job.state,
            zone=site_zone(work.session, job.site).key,
            takes_code=takes_code(job),
            visits=[_visit(work, visit) for visit in visits],
            wishes=work.session.scalars(wishes).all(),
            rating=work.session.scalars(rating).one_or_none(),
        )


def takes_code(job: JobRow) -> bool:
    """Whether a completion code closes its visits, and there is something left to close."""
    asked = demands_of(job.type).confirmation
    return asked in WITH_CODE and any(visit.state not in ENDED for visit in job.visits)


def customer_receipt(
    database: Database, actor: Actor, job_id: UUID, payment_id: UUID
) -> PaymentReceipt:
    """The receipt of a payment for a job, without its address.

    Raises
    ------
    Missing
        There is no such payment, or it is for another job.
    """
    if job_of_payment(database, actor, payment_id) != job_id:
        raise Missing("store.missing", kind="payment", id=str(payment_id))
    return replace(receipt_of(database, actor, payment_id), site="")


def _visit(work: Work, visit: VisitRow) -> CustomerVisit:
    expected = visit.arrive_at if visit.state in EXPECTED else None
    arrives = (None, None) if expected is None else rough(expected)
    return CustomerVisit(
        state=VisitState.UNSCHEDULED if visit.state in NOT_TOLD else visit.state,
        promised_from=visit.promised_from,
        promised_to=visit.promised_to,
        arrives_from=arrives[0],
        arrives_to=arrives[1],
        technician=_technician(work, visit),
    )


def _technician(work: Work, visit: VisitRow) -> str:
    """Whoever comes may be of another outlet than the job."""
    if visit.state not in KNOWN:
        return ""
    query = select(TechnicianRow.name).where(TechnicianRow.id == visit.technician_id)
    name = work.session.execute(query, execution_options=UNSCOPED).scalar_one_or_none()
    return short_name(name or "")

"""Payments and lines of the ledger as lists: what narrows them, and what is told with them.

A payment and its lines stay with the outlet at which they were written. Whoever sees them is told
of which job they are and where its bill stands, also if the job has moved to another outlet since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatch.domain.payment import Account, PaymentMethod, Posting
from dispatch.domain.states.payment import PaymentState
from dispatch.errors import InvalidValue
from dispatch.store.board import span_of
from dispatch.store.filters import is_under
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import ChargeRow, LedgerRow, PaymentRow
from dispatch.store.scope import UNSCOPED

M = TypeVar("M", PaymentRow, LedgerRow)
Query = Select[*tuple[Any, ...]]

_JOB, _CHARGE, _PAYMENT = JobRow.__table__, ChargeRow.__table__, PaymentRow.__table__
_LINE = LedgerRow.__table__.alias("of_the_bill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which money is asked for."""

    first: date | None = None
    """Written down on this day of the network or later."""
    last: date | None = None
    """On this day or before."""
    job: UUID | None = None
    technician: UUID | None = None
    """Who took it, or proposed what it is for, on site."""
    outlet: UUID | None = None
    states: Sequence[PaymentState] = ()
    """Where the bill of the job stands."""
    methods: Sequence[PaymentMethod] = ()
    """How it changed hands."""

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise InvalidValue("days.reversed", first=str(self.first), last=str(self.last))

    @property
    def by_day(self) -> bool:
        """Whether days count, which begin by the clocks of the network."""
        return self.first is not None or self.last is not None


def payments(query: Query, wanted: Wanted, zone: ZoneInfo | None) -> Query:
    """A query of payments with only those that are wanted; a zone where days count."""
    if wanted.methods:
        query = query.where(PaymentRow.method.in_(wanted.methods))
    if wanted.technician is not None:
        query = query.where(PaymentRow.technician_id == wanted.technician)
    return _narrowed(query, PaymentRow, PaymentRow.taken_at, wanted, zone)


def lines(query: Query, wanted: Wanted, zone: ZoneInfo | None) -> Query:
    """A query of lines of the ledger with only those that are wanted.

    Lines of a method are those of payments and refunds that changed hands that way.
    """
    if wanted.methods:
        by_way = select(_PAYMENT.c.id).where(_PAYMENT.c.method.in_(wanted.methods))
        query = query.where(LedgerRow.payment_id.in_(by_way))
    if wanted.technician is not None:
        taken = select(_PAYMENT.c.id).where(_PAYMENT.c.technician_id == wanted.technician)
        proposed = select(_CHARGE.c.id).where(_CHARGE.c.technician_id == wanted.technician)
        theirs = or_(LedgerRow.payment_id.in_(taken), LedgerRow.charge_id.in_(proposed))
        query = query.where(theirs)
    return _narrowed(query, LedgerRow, LedgerRow.at, wanted, zone)


class OfJob(NamedTuple):
    """What is told with money of the job it is for."""

    key: str
    state: PaymentState
    """Where its bill stands, in the currency of the money."""


def jobs_of(session: Session, rows: Sequence[M]) -> Mapping[UUID, OfJob]:
    """The jobs of payments or lines that were seen already, by the ids of these."""
    if not rows:
        return {}
    kind = type(rows[0])
    query = (
        select(kind.id, _JOB.c.key, bill_state(kind))
        .join(_JOB, _JOB.c.id == kind.job_id)
        .where(kind.id.in_([row.id for row in rows]))
    )
    found = session.execute(query, execution_options=UNSCOPED)
    return {id_: OfJob(key, PaymentState(state)) for id_, key, state in found}


def bill_state(kind: type[PaymentRow | LedgerRow]) -> ColumnElement[str]:
    """Where the bill of the job of some money stands: `Bill.state`, as the database sees it."""
    due, refunded = _posted(Posting.CHARGE), _posted(Posting.REFUND)
    paid, waived = -_posted(Posting.PAYMENT), -_posted(Posting.WAIVER)
    kept = paid - refunded
    state = case(
        ((refunded > 0) & (kept <= 0), PaymentState.REFUNDED.value),
        ((kept >= due) & (kept > 0), PaymentState.PAID.value),
        ((waived > 0) & (due - kept - waived <= 0), PaymentState.WAIVED.value),
        (kept > 0, PaymentState.PARTLY_PAID.value),
        else_=PaymentState.DUE.value,
    )
    return (
        select(state)
        .where(
            _LINE.c.job_id == kind.job_id,
            _LINE.c.currency == kind.currency,
            _LINE.c.account == Account.RECEIVABLE,
        )
        .correlate(kind.__table__)
        .scalar_subquery()
    )


def _posted(posting: Posting) -> ColumnElement[int]:
    total = func.sum(_LINE.c.amount_minor).filter(_LINE.c.posting == posting)
    return func.coalesce(total, 0)


def _narrowed(
    query: Query,
    kind: type[PaymentRow | LedgerRow],
    at: InstrumentedAttribute[Any],
    wanted: Wanted,
    zone: ZoneInfo | None,
) -> Query:
    if zone is not None and wanted.first is not None:
        query = query.where(at >= span_of(wanted.first, zone).start)
    if zone is not None and wanted.last is not None:
        query = query.where(at < span_of(wanted.last, zone).end)
    if wanted.job is not None:
        query = query.where(kind.job_id == wanted.job)
    if wanted.outlet is not None:
        query = query.where(is_under(kind.outlet_id, wanted.outlet))
    if wanted.states:
        query = query.where(bill_state(kind).in_([state.value for state in wanted.states]))
    return query

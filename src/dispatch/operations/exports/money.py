"""Payments and the ledger, to be exported."""

from __future__ import annotations

from contextlib import AbstractContextManager
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.operations.exports.reading import (
    Exported,
    Found,
    Query,
    Told,
    by_clock,
    exported,
    offset,
)
from dispatch.store.database import Database
from dispatch.store.listed_money import Wanted, bill_state, lines, payments
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.money import LedgerRow, PaymentRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

PAYMENT_COLUMNS = (
    *("taken-at", "offset", "job", "bill", "method", "reference", "amount-minor", "currency"),
    *("technician", "technician-name", "outlet", "refund-of", "note", "id"),
)
LEDGER_COLUMNS = (
    *("at", "offset", "posting", "account", "amount-minor", "currency", "job", "bill", "outlet"),
    *("charge", "payment", "entry", "id"),
)
_JOB, _OUTLET, _PERSON = JobRow.__table__, OutletRow.__table__, TechnicianRow.__table__


def exported_payments(
    database: Database, actor: Actor, wanted: Wanted
) -> AbstractContextManager[Exported]:
    """Payments and refunds, so that their amounts add up; raises as :func:`exported`."""

    def query(zone: ZoneInfo) -> Query:
        person = (_PERSON.c.key, _PERSON.c.name)
        asked = (
            select(PaymentRow, _JOB.c.key, bill_state(PaymentRow), _OUTLET.c.key, *person)
            .join(_JOB, _JOB.c.id == PaymentRow.job_id)
            .join(_OUTLET, _OUTLET.c.id == PaymentRow.outlet_id)
            .outerjoin(_PERSON, _PERSON.c.id == PaymentRow.technician_id)
            .order_by(PaymentRow.id)
        )
        return payments(asked, wanted, zone)

    return exported(database, actor, PAYMENT_COLUMNS, query, _payment)


def exported_ledger(
    database: Database, actor: Actor, wanted: Wanted
) -> AbstractContextManager[Exported]:
    """The lines of the ledger, which sum to zero if all are asked for; raises likewise."""

    def query(zone: ZoneInfo) -> Query:
        asked = (
            select(LedgerRow, _JOB.c.key, bill_state(LedgerRow), _OUTLET.c.key)
            .join(_JOB, _JOB.c.id == LedgerRow.job_id)
            .join(_OUTLET, _OUTLET.c.id == LedgerRow.outlet_id)
            .order_by(LedgerRow.id)
        )
        return lines(asked, wanted, zone)

    return exported(database, actor, LEDGER_COLUMNS, query, _line)


def _payment(row: Found, zone: ZoneInfo) -> Told:
    payment: PaymentRow
    payment, job, state, outlet, technician, name = row
    back = payment.reverses_id
    return {
        "taken-at": by_clock(payment.taken_at, zone),
        "offset": offset(payment.taken_at, zone),
        "job": job,
        "bill": state,
        "method": payment.method.value,
        "reference": payment.reference,
        "amount-minor": payment.amount_minor if back is None else -payment.amount_minor,
        "currency": payment.currency,
        "technician": technician,
        "technician-name": name,
        "outlet": outlet,
        "refund-of": None if back is None else str(back),
        "note": payment.reason,
        "id": str(payment.id),
    }


def _line(row: Found, zone: ZoneInfo) -> Told:
    line: LedgerRow
    line, job, state, outlet = row
    return {
        "at": by_clock(line.at, zone),
        "offset": offset(line.at, zone),
        "posting": line.posting.value,
        "account": line.account.value,
        "amount-minor": line.amount_minor,
        "currency": line.currency,
        "job": job,
        "bill": state,
        "outlet": outlet,
        "charge": None if line.charge_id is None else str(line.charge_id),
        "payment": None if line.payment_id is None else str(line.payment_id),
        "entry": str(line.posting_id),
        "id": str(line.id),
    }

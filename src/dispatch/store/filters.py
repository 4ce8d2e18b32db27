"""What lists are narrowed by, beside what whoever asks may see.

Lists look for text in the ids and names of jobs and technicians only: what is asked for stands in
an address, and names of customers, telephones and streets do not belong there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import QueryableAttribute

from dispatch.store.days import may_be_on, of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.customers import ContactRow, CustomerRow, SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletReach

Column = QueryableAttribute[Any]
LEAST_DIGITS = 4
"""Fewer are no telephone number."""


def has_text(text: str, *columns: Column) -> ColumnElement[bool]:
    """Whether one of the columns has a text in it, in capitals or not."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def is_under(column: Column, outlet: UUID) -> ColumnElement[bool]:
    """Whether something belongs to an outlet, or to one below it."""
    return column.in_(select(OutletReach.below_id).where(OutletReach.above_id == outlet))


def is_for(customer: UUID) -> ColumnElement[bool]:
    """Whether a job is a customer's."""
    return JobRow.site.has(SiteRow.customer_id == customer)


def is_called(text: str) -> ColumnElement[bool]:
    """Whether a customer is known by a text: their id or name, somebody there, a number, a street.

    Of a whole telephone number only digits count, however it was written down.
    """
    people = [has_text(text, ContactRow.name, ContactRow.phone, ContactRow.email)]
    digits = "".join(filter(str.isdigit, text))
    if len(digits) >= LEAST_DIGITS:
        number = func.regexp_replace(ContactRow.phone, r"\D", "", "g")
        people.append(number.contains(digits))
    at = select(SiteRow.customer_id).where(has_text(text, SiteRow.address, SiteRow.name))
    return or_(
        has_text(text, CustomerRow.key, CustomerRow.name),
        CustomerRow.contacts.any(or_(*people)),
        CustomerRow.id.in_(at),
    )


def is_on(span: Span) -> ColumnElement[bool]:
    """Whether a job may be done, or is planned, on a day."""
    planned = JobRow.visits.any(of_day(span.start, span.end))
    return may_be_on(span) | planned


def never_null(moment: Column) -> ColumnElement[Any]:
    """Moments to sort by; what has none comes after all."""
    return func.coalesce(moment, literal_column("'infinity'::timestamptz"))

"""What holds for the whole service network."""

from __future__ import annotations

from sqlalchemy.orm import Session

from dispatch.domain.day import Day
from dispatch.errors import Refused
from dispatch.store.rows.outlets import OrganisationRow
from dispatch.store.said import said
from dispatch.store.work import Work

ONLY = 1


def set_organisation(work: Work, day: Day) -> None:
    """Take zone, policy and speeds from a day."""
    row = work.session.get(OrganisationRow, ONLY)
    if row is None:
        row = OrganisationRow(id=ONLY, name=day.name)
        work.session.add(row)
    row.zone, row.speeds = day.zone, [said(speed) for speed in day.speeds]
    row.policy = said(day.policy) | {"currency": day.policy.currency}
    work.note("organisation.changed", row)


def organisation_of(session: Session) -> OrganisationRow:
    """What holds for the whole service network.

    Raises
    ------
    Refused
        ``organisation.missing``: nothing has been imported or set up yet.
    """
    row = session.get(OrganisationRow, ONLY)
    if row is None:
        raise Refused("organisation.missing")
    return row


def currency_of(session: Session) -> str:
    """In which everything is paid (ISO 4217); raises as :func:`organisation_of`."""
    return str(organisation_of(session).policy["currency"])

"""What holds for the whole service network."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.domain.day import Day
from dispatch.errors import Refused
from dispatch.store.events import Event
from dispatch.store.rows.base import Document
from dispatch.store.rows.outlets import OrganisationRow
from dispatch.store.said import said
from dispatch.store.work import Work

ONLY = 1
SUBJECT = UUID(int=0)
"""Its id in the event log."""


def set_organisation(work: Work, day: Day) -> None:
    """Take zone, policy and speeds from a day."""
    row = work.session.get(OrganisationRow, ONLY)
    policy = said(day.policy) | {"currency": day.policy.currency}
    speeds = [said(speed) for speed in day.speeds]
    after: Document = {"zone": day.zone, "policy": policy, "speeds": speeds}
    if row is None:
        row = OrganisationRow(id=ONLY, name=day.name)
        before: Document | None = None
        work.session.add(row)
    else:
        before = {"zone": row.zone, "policy": row.policy, "speeds": row.speeds}
    if before == after:
        return
    row.zone, row.policy, row.speeds = day.zone, policy, speeds
    work.record(Event(kind="organisation.changed", subject=SUBJECT, before=before, after=after))


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

"""What holds for the whole service network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatch.domain.day import Day
from dispatch.domain.named import CURRENCY, Named, differing, with_named
from dispatch.domain.policy import Policy
from dispatch.domain.speed import Speed
from dispatch.errors import Finding, Place, Refused
from dispatch.planning.check.pointer import at
from dispatch.store.rows.base import Row
from dispatch.store.rows.job_types import ServiceItemRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OrganisationRow
from dispatch.store.rows.technicians import ShiftRow
from dispatch.store.said import heard, said
from dispatch.store.work import Work

ONLY = 1
HELD: Mapping[str, tuple[str, tuple[type[Row], ...]]] = {
    "zone": ("organisation.zone-held", (JobRow, ShiftRow)),
    CURRENCY: ("organisation.currency-held", (JobRow, ServiceItemRow)),
}
"""What cannot be changed any more as soon as there is one of these: jobs and shifts were put on
days of the zone; amounts are kept without their currency, and would be read in the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for the whole network, but for its name."""

    zone: str
    policy: Policy
    speeds: tuple[Speed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that holds for the whole network, and what it was before."""

    name: str
    """As in a day: ``zone``, ``policy/wage_minor_per_h``."""
    before: Any
    after: Any


def set_organisation(work: Work, day: Day) -> None:
    """Set a new network up as a day has it."""
    row = OrganisationRow(id=ONLY, name=day.name)
    work.session.add(row)
    write_rules(work, row, Rules(zone=day.zone, policy=day.policy, speeds=day.speeds))


def rules_of(row: OrganisationRow) -> Rules:
    """What holds by now."""
    speeds = tuple(heard(Speed, speed) for speed in row.speeds)
    return Rules(zone=row.zone, policy=heard(Policy, row.policy), speeds=speeds)


def rules_with(rules: Rules, day: Day, named: Named) -> Rules:
    """The same with what a day names; what it does not name stays."""
    return replace(
        rules,
        zone=day.zone if "zone" in named else rules.zone,
        policy=with_named(rules.policy, day.policy, named),
        speeds=day.speeds if "speeds" in named else rules.speeds,
    )


def changes(before: Rules, after: Rules) -> Sequence[Change]:
    """In what they differ."""
    found = [
        Change(name=name, before=one, after=two)
        for name, one, two in differing(before.policy, after.policy)
    ]
    if before.zone != after.zone:
        found.insert(0, Change(name="zone", before=before.zone, after=after.zone))
    if before.speeds != after.speeds:
        one, two = ([said(speed) for speed in rules.speeds] for rules in (before, after))
        found.append(Change(name="speeds", before=one, after=two))
    return found


def late_changes(work: Work, wanted: Sequence[Change]) -> list[Finding]:
    """The changes that come too late: something hangs on what there is."""
    found: list[Finding] = []
    for change in wanted:
        code, tables = HELD.get(change.name, ("", ()))
        if any(work.session.scalar(select(exists().select_from(table))) for table in tables):
            told = {"before": change.before, "after": change.after}
            found.append(Finding(code, place_of(change), told))
    return found


def place_of(change: Change) -> Place:
    """Where a day says it."""
    return at(*change.name.split("/"))


def write_rules(work: Work, row: OrganisationRow, rules: Rules) -> None:
    """Let this hold from now on, with its event."""
    row.zone, row.speeds = rules.zone, [said(speed) for speed in rules.speeds]
    row.policy = said(rules.policy) | {"currency": rules.policy.currency}
    work.note("organisation.changed", row)


def organisation_of(session: Session, *, lock: bool = False) -> OrganisationRow:
    """What holds for the whole service network; with ``lock`` nobody else changes it meanwhile.

    Raises
    ------
    Refused
        ``organisation.missing``: nothing has been imported or set up yet.
    """
    row = session.get(
        OrganisationRow,
        ONLY,
        with_for_update={"key_share": True} if lock else None,
        populate_existing=lock,
    )
    if row is None:
        raise Refused("organisation.missing")
    return row


def currency_of(session: Session) -> str:
    """In which everything is paid (ISO 4217); raises as :func:`organisation_of`."""
    return str(organisation_of(session).policy["currency"])

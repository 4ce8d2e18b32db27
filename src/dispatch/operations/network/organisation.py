"""Change what holds for the whole network: its name, prices and speeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.named import BY_PRIORITY
from dispatch.domain.policy import Policy
from dispatch.domain.speed import Speed
from dispatch.errors import InvalidInput
from dispatch.planning.check.speeds import clashes
from dispatch.store.database import Database
from dispatch.store.keeping import see_all
from dispatch.store.organisation import (
    changes,
    late_changes,
    organisation_of,
    rules_of,
    write_rules,
)
from dispatch.store.work import expect

MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEdit:
    """What is to be changed; None, and a price that is not named, stays."""

    name: str | None = None
    prices: Mapping[str, Any] = field(default_factory=dict)
    """Fields of :class:`~dispatch.domain.policy.Policy`; those by priority may name some only."""
    speeds: Sequence[Speed] | None = None


def change_organisation(
    database: Database, actor: Actor, edit: OrganisationEdit, *, expected: int
) -> None:
    """Change them; plans and bills from now on go by what is new.

    Raises
    ------
    InvalidInput
        ``speed.clash``; ``organisation.currency-held``: something in the record has an amount in
        the currency there is.
    InvalidValue
        A price is below zero or beyond reason; ``policy.currency``.
    Stale
        They are not at the version expected.
    Refused
        ``network.shared``; ``organisation.missing``
    """
    if found := list(clashes(edit.speeds or ())):
        raise InvalidInput(found)
    if edit.name is not None:
        checks.within("organisation.name", len(edit.name), 0, MOST_NAME)
    with database.work(actor) as work:
        see_all(work)
        row = organisation_of(work.session, lock=True)
        expect(row, expected)
        before = rules_of(row)
        speeds = before.speeds if edit.speeds is None else tuple(edit.speeds)
        after = replace(before, policy=_with(before.policy, edit.prices), speeds=speeds)
        if late := late_changes(work, changes(before, after)):
            raise InvalidInput(late)
        row.name = row.name if edit.name is None else edit.name
        write_rules(work, row, after)
        work.commit()


def _with(policy: Policy, prices: Mapping[str, Any]) -> Policy:
    wanted: dict[str, Any] = {
        name: {**getattr(policy, name), **price} if name in BY_PRIORITY else price
        for name, price in prices.items()
    }
    return replace(policy, **wanted)

"""What an import may do to what holds for the whole network: zone, currency, prices, speeds.

A day has them because planning needs them. A file that is there to bring in jobs says nothing of
them, or what the record says; whoever may edit the organisation may change them by a file too.
"""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.domain.day import Day
from dispatch.domain.named import Named
from dispatch.errors import Finding, InvalidInput
from dispatch.store.merging import Merged
from dispatch.store.organisation import (
    ONLY,
    Change,
    changes,
    late_changes,
    organisation_of,
    place_of,
    rules_of,
    rules_with,
    set_organisation,
    write_rules,
)
from dispatch.store.rows.outlets import OrganisationRow
from dispatch.store.work import Work


def set_network(
    work: Work, day: Day, named: Named, *, may_set: bool
) -> tuple[Merged, Sequence[Change]]:
    """Set up the network, or change what a day names of it; whoever comes first may set it up.

    Raises
    ------
    InvalidInput
        ``import.not-yours``: it would change what somebody else sets;
        ``organisation.zone-held``, ``organisation.currency-held``.
    """
    row = work.session.get(OrganisationRow, ONLY, with_for_update={"key_share": True})
    if row is None:
        set_organisation(work, day)
        return Merged(added=1), ()
    wanted = named_changes(work, day, named)
    if not wanted:
        return Merged(same=1), ()
    found = late_changes(work, wanted) if may_set else not_theirs(wanted)
    if found:
        raise InvalidInput(found)
    write_rules(work, row, rules_with(rules_of(row), day, named))
    return Merged(changed=1), wanted


def named_changes(work: Work, day: Day, named: Named) -> Sequence[Change]:
    """In what a day would change the network; raises as ``organisation_of``."""
    rules = rules_of(organisation_of(work.session))
    return changes(rules, rules_with(rules, day, named))


def not_theirs(wanted: Sequence[Change]) -> list[Finding]:
    """What whoever may not edit the organisation would change."""
    return [
        Finding("import.not-yours", place_of(change), {"kind": "organisation", "id": change.name})
        for change in wanted
    ]

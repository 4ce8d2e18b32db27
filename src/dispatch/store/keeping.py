"""Adding a row that people know by a key of theirs."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dispatch.errors import Missing, Refused
from dispatch.store.reach import root_of
from dispatch.store.rows.base import Keyed
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.technicians import SkillRow
from dispatch.store.work import Work, expect, kind_of

N = TypeVar("N", SkillRow, TerritoryRow)


def add_keyed(work: Work, row: Keyed) -> UUID:
    """Add a new row, with its event.

    Raises
    ------
    Refused
        ``key.taken``: another has its key, also one that the actor does not see.
    """
    kind = kind_of(type(row))
    work.session.add(row)
    work.note(f"{kind}.created", row)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise Refused("key.taken", kind=kind, id=row.key) from error
    return row.id


def rename_shared(work: Work, table: type[N], id: UUID, name: str, *, expected: int) -> None:  # noqa: A002
    """Call a thing of the whole network otherwise, with its event; its key stays.

    Raises
    ------
    Missing, Stale
        There is no such row; it is not at the version expected.
    Refused
        ``network.shared``
    """
    see_all(work)
    row = work.get(table, id, lock=True)
    expect(row, expected)
    row.name = name
    work.note(f"{kind_of(table)}.changed", row)


def own_outlet(work: Work, key: str | None = None) -> UUID:
    """The outlet that new things of an actor belong to.

    Parameters
    ----------
    key
        The one that is wanted; the actor's own, or headquarters, if nothing is said.

    Raises
    ------
    Missing
        There is none of this key, or it is not the actor's.
    Refused
        ``run.which-outlet``: the actor has several, and names none; ``outlet.closed``.
    """
    own = work.actor.outlets
    if key is not None:
        row = work.by_key(OutletRow, key)
        return see_open(work, row, named=key).id
    if own is None:
        return root_of(work.session).id
    if len(own) != 1:
        raise Refused("run.which-outlet", count=len(own))
    return see_open(work, work.get(OutletRow, next(iter(own)))).id


def see_outlet(work: Work, row: OutletRow, *, named: str = "") -> OutletRow:
    """See that an outlet is one of the actor's; raises Missing. The tree itself everybody sees."""
    if not work.sees(row.id):
        raise Missing("store.missing", kind="outlet", id=named or str(row.id))
    return row


def see_open(work: Work, row: OutletRow, *, named: str = "") -> OutletRow:
    """The same, and that it is not closed, nor will be until this work ends.

    Nothing new comes to one that is; many may bring something at once.
    """
    see_outlet(work, row, named=named)
    work.session.refresh(row, with_for_update={"read": True})
    if not row.active:
        raise Refused("outlet.closed", id=row.key)
    return row


def see_all(work: Work) -> None:
    """See that the actor sees the whole network, to change what all of it shares.

    Raises
    ------
    Refused
        ``network.shared``
    """
    if work.visible is not None:
        raise Refused("network.shared")

"""Bringing values into their table: what is new is added, what differs is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import select

from dispatch.store.ids import new_id
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.rows.base import Keyed
from dispatch.store.work import Work, kind_of

AT_ONCE = 1_000
"""Keys looked up in one query."""


class _Value(Protocol):
    """A dataclass with a key."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...


V = TypeVar("V", bound=_Value)
R = TypeVar("R", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Merged:
    """How many values were new, differed, or were there already."""

    added: int = 0
    changed: int = 0
    same: int = 0
    late: tuple[str, ...] = ()
    """Those that differ from a row which may not be changed any more, and were left out."""
    left: tuple[str, ...] = ()
    """Those that differ from a row which is left as it is whatever they say; they count as same."""


def merge(
    work: Work,
    kind: Kind[V, R],
    values: Sequence[V],
    frame: Frame,
    *,
    new: Callable[[V], R],
    begun: Callable[[R], bool] = lambda _: False,
    leave: Callable[[R], bool] = lambda _: False,
    after: Callable[[R, V], None] | None = None,
) -> Merged:
    """Bring values into the table of their kind, with an event for each that is new or differs.

    Parameters
    ----------
    new
        A row for a value that has none yet; what the kind writes is filled in here.
    begun
        Whether a row may not be changed any more.
    leave
        Whether a row is left as it is.
    after
        Told of every row that has been added or changed.
    """
    counts = {"added": 0, "changed": 0, "same": 0}
    late: list[str] = []
    left: list[str] = []
    for some in _in_parts(values):
        rows = _rows(work, kind.table, [value.id for value in some])
        for said in some:
            row = rows.get(said.id)
            value = said if row is None else kind.filled(row, said)
            if row is None:
                row = new(value)
                row.id, row.key = new_id(), value.id
                kind.write(row, value, frame)
                work.session.add(row)
                frame.add(row)
                work.note(f"{kind_of(kind.table)}.added", row)
                if after is not None:
                    after(row, value)
                counts["added"] += 1
                continue
            same = kind.read(row, frame) == value
            stays = leave(row)
            done = stays or begun(row)
            if same and (done or kind.beside(row) == kind.framed(value, frame)):
                counts["same"] += 1
            elif stays:
                counts["same"] += 1
                left.append(value.id)
            elif done:
                late.append(value.id)
            else:
                kind.write(row, value, frame)
                work.note(f"{kind_of(kind.table)}.changed", row)
                if after is not None:
                    after(row, value)
                counts["changed"] += 1
    work.session.flush()
    return Merged(late=tuple(late), left=tuple(left), **counts)


def _rows(work: Work, table: type[R], keys: Sequence[str]) -> dict[str, R]:
    found = work.session.scalars(
        select(table)
        .where(table.key.in_(keys))
        .order_by(table.id)
        .with_for_update(of=table, key_share=True)
    )
    return {row.key: row for row in found}


def _in_parts(values: Sequence[V]) -> Iterator[Sequence[V]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]

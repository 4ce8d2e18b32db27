"""Lists in pages: each says where the next one begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, select, tuple_

from dispatch.errors import InvalidValue
from dispatch.store.rows.base import Identified
from dispatch.store.work import Work

I = TypeVar("I", bound=Identified)  # noqa: E741 - as PEP 695 would have it
T = TypeVar("T")

MOST, USUAL = 200, 50

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[UUID | None, Query(description="`next` of the page before.")]


class Sorting(NamedTuple):
    """In which order, if not in that in which things came to be."""

    column: ColumnElement[Any]
    """Never null."""
    down: bool = False


def sorting(given: str | None, columns: Mapping[str, ColumnElement[Any]]) -> Sorting | None:
    """What ``name`` or ``-name`` asks for; the names are the route's own, as its type has them."""
    if given is None:
        return None
    return Sorting(columns[given.removeprefix("-")], down=given.startswith("-"))


class Page(BaseModel, Generic[T]):
    """A part of a list: in the order in which things came to be, or as it was asked for."""

    items: Sequence[T]
    next: UUID | None = Field(
        description="Ask again with `after` for what follows; none: all told."
    )


def page_of(
    work: Work,
    query: Select[Any],
    kind: type[I],
    after: UUID | None,
    limit: int,
    tell: Callable[[I], T],
    order: Sorting | None = None,
) -> Page[T]:
    """The rows of a query that follow ``after``, which is the id of a row also where it is sorted.

    Where the column of that row has changed since, the next page begins where it stands now.

    Raises
    ------
    InvalidValue
        page.unknown: the list is sorted, and whoever asks sees no such row.
    """
    by = (kind.id,) if order is None else (order.column, kind.id)
    down = order is not None and order.down
    if after is not None:
        last = select(*by).where(kind.id == after).scalar_subquery()
        if order is None:
            query = query.where(kind.id > after)
        else:
            if work.session.scalar(select(kind.id).where(kind.id == after)) is None:
                raise InvalidValue("page.unknown", value=str(after))
            query = query.where(tuple_(*by) < last if down else tuple_(*by) > last)
    query = query.order_by(*(column.desc() if down else column.asc() for column in by))
    rows: Sequence[I] = work.session.scalars(query.limit(limit + 1)).all()
    more = len(rows) > limit
    return Page(
        items=[tell(row) for row in rows[:limit]], next=rows[limit - 1].id if more else None
    )

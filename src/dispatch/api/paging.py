"""Lists in pages: each says where the next one begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select

from dispatch.store.rows.base import Identified
from dispatch.store.work import Work

I = TypeVar("I", bound=Identified)  # noqa: E741 - as PEP 695 would have it
T = TypeVar("T")

MOST, USUAL = 200, 50

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[UUID | None, Query(description="`next` of the page before.")]


class Page(BaseModel, Generic[T]):
    """A part of a list, in the order in which things came to be."""

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
) -> Page[T]:
    """The rows of a query that follow ``after``."""
    if after is not None:
        query = query.where(kind.id > after)
    rows: Sequence[I] = work.session.scalars(query.order_by(kind.id).limit(limit + 1)).all()
    more = len(rows) > limit
    return Page(
        items=[tell(row) for row in rows[:limit]], next=rows[limit - 1].id if more else None
    )

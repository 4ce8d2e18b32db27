"""Doing once what is asked for twice: whoever heard no answer asks again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter

from dispatch.domain.actor import Actor
from dispatch.errors import DispatchError
from dispatch.store.database import Database
from dispatch.store.receipts import ANSWER, kept_answer
from dispatch.store.rows.base import Document

T = TypeVar("T")


def once(database: Database, actor: Actor, kind: type[T], do: Callable[[], T]) -> T:
    """Do something, or give the answer of when it was done.

    Parameters
    ----------
    actor
        With the receipt of the wish; without one it is done whenever it is asked for.
    kind
        What ``do`` answers.
    do
        Makes all its changes in one unit of work of this actor, and commits its answer with them.

    Raises
    ------
    Refused
        ``receipt.other-wish``: the key was used for something else.
    """
    found = _known(database, actor)
    if found is None:
        try:
            return do()
        except DispatchError:
            # Of two at one moment, the slower finds it done, or what it needs gone.
            found = _known(database, actor)
            if found is None:
                raise
    answer: T = TypeAdapter(kind).validate_python(found[ANSWER])
    return answer


def _known(database: Database, actor: Actor) -> Document | None:
    if actor.receipt is None:
        return None
    with database.work(actor) as work:
        return kept_answer(work.session, actor)

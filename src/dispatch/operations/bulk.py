"""Doing one thing to many: each by itself, and each ends as done or with a code that says why not.

Whoever heard no answer asks again: what was done is not done twice, and once all was answered the
same answer is given again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor, Receipt
from dispatch.errors import Coded, InvalidInput, Refused, Unavailable, Value
from dispatch.store.database import Database
from dispatch.store.once import once

MOST = 200
"""Things at once."""
ANYTHING: Any = Any
"""What a part answers is told to nobody."""
BETWEEN = "\x1f"
"""No key of a request has it, so none is that of a part of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has become of one of them."""

    id: UUID
    code: str = ""
    """Why it was not done; empty if it was."""
    values: Mapping[str, Value] = field(default_factory=dict)
    passing: bool = False
    """It failed for what may be over in a moment: asked again, it is tried again."""


def do_each(
    database: Database, actor: Actor, ids: Sequence[UUID], do: Callable[[Actor, UUID], object]
) -> list[Outcome]:
    """Do something to each of some things, in a unit of work of its own.

    Parameters
    ----------
    actor
        With the receipt of the whole wish; each part has one of its own, made of that.
    do
        Makes all its changes in one unit of work of the actor that it is given.

    Raises
    ------
    InvalidValue
        There are none, too many (``value.range``), or one twice (``value.twice``).
    Refused
        ``receipt.other-wish``: the key was used for something else.
    """
    checks.within("bulk", len(ids), 1, MOST)
    checks.distinct("bulk", (str(each) for each in ids))
    found = [_outcome(database, _part(actor, each), each, do) for each in ids]
    if any(outcome.passing for outcome in found):
        return found  # not kept: whoever repeats the wish has the rest done
    with database.work(actor) as work:
        return work.commit(found)


def _part(actor: Actor, each: UUID) -> Actor:
    if actor.receipt is None:
        return actor
    key = f"{actor.receipt.key}{BETWEEN}{each}"
    return replace(actor, receipt=Receipt(key, actor.receipt.wish))


def _outcome(
    database: Database, actor: Actor, each: UUID, do: Callable[[Actor, UUID], object]
) -> Outcome:
    try:
        once(database, actor, ANYTHING, lambda: do(actor, each))
    except InvalidInput as error:
        first = error.findings[0]
        return Outcome(id=each, code=first.code, values=first.values)
    except Unavailable as error:
        return Outcome(id=each, code=error.code, values=error.values, passing=True)
    except Coded as error:
        if isinstance(error, Refused) and error.code == "receipt.other-wish":
            raise
        return Outcome(id=each, code=error.code, values=error.values)
    return Outcome(id=each)

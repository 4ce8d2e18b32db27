"""What was answered to a wish that may come twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.domain.actor import Actor
from dispatch.errors import DispatchError, Refused
from dispatch.store.rows.base import Document
from dispatch.store.rows.receipts import ReceiptRow
from dispatch.store.said import adapter

KEPT = timedelta(days=3)
"""How long somebody may take to ask again for what is not about money."""
ANSWER = "is"


class Repeated(DispatchError):
    """The same wish was granted a moment ago; nothing was changed."""


def keep_answer(
    connection: Connection, actor: Actor, now: datetime, answer: object, *, lasting: bool = False
) -> None:
    """Write down what is answered, with the effect or not at all.

    Parameters
    ----------
    lasting
        Whether it is kept for good, and not for :data:`KEPT` alone.

    Raises
    ------
    Repeated
        That has been done already.
    """
    if actor.receipt is None:
        return
    said = adapter(type(answer)).dump_python(answer, mode="json")
    written = connection.execute(
        insert(ReceiptRow)
        .values(
            actor=actor.id,
            key=actor.receipt.key,
            wish=actor.receipt.wish,
            at=now,
            answer={ANSWER: said},
            lasting=lasting,
        )
        .on_conflict_do_nothing()
        .returning(ReceiptRow.key)
    ).first()
    if written is None:
        raise Repeated


def kept_answer(session: Session, actor: Actor) -> Document | None:
    """What was answered, under :data:`ANSWER`; None if nothing was yet.

    Raises
    ------
    Refused
        ``receipt.other-wish``: the key was used for something else.
    """
    if actor.receipt is None:
        return None
    row = session.get(ReceiptRow, (actor.id, actor.receipt.key))
    if row is None:
        return None
    if row.wish != actor.receipt.wish:
        raise Refused("receipt.other-wish", key=row.key)
    return row.answer

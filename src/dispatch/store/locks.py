"""Locks on what no row stands for: PostgreSQL's advisory locks, held until a transaction ends.

Whoever needs several takes them in the order in which they stand here.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """What only one transaction does at a time."""

    MIGRATE = 0x64697370
    """Make tables, or fill them from a backup; others that start at the same moment wait."""
    IMPORT = 0x696D7074
    """Import a day: the second sees what the first has added."""
    TREE = 0x74726565
    """Change the tree of outlets: two make no circle."""
    OWNERS = 0x6F776E72
    """Change who is an owner: somebody is left."""
    AWARD = 0x61776172
    """Decide offers for which several bid."""
    ORDER = 0x6F726472
    """Give a place to what waits for another job, or is awaited. It is taken before any row."""
    CIRCLES = 0x63697263
    """Let jobs wait: of two who close a circle together, the second sees what the first has done.
    It is taken last, when nobody else's rows are needed any more."""


def hold(where: Session | Connection, lock: Lock) -> None:
    """Wait until nobody else holds it."""
    where.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock.value})


def hold_if_free(where: Session | Connection, lock: Lock) -> bool:
    """Whether nobody else held it."""
    return bool(where.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": lock.value}))

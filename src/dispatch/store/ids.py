"""Ids that sort by the time they were given (UUID version 7, RFC 9562)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """An id that nothing else has."""
    return uuid7()

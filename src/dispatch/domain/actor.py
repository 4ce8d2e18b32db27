"""Who does something, and what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """Somebody, or something."""

    ACCOUNT = "account"
    CUSTOMER = "customer"
    INTEGRATION = "integration"
    WORKER = "worker"


class Source(StrEnum):
    """By which way a wish comes in."""

    API = "api"
    CLI = "cli"
    PHONE = "phone"
    """A technician's phone, which may have been without a signal for long."""
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Receipt:
    """By what a wish is known again that may come twice."""

    key: str
    """The actor's own."""
    wish: bytes
    """SHA-256 of all that is wished for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something; written into every event."""

    kind: ActorKind
    id: str
    source: Source
    outlets: frozenset[UUID] | None = None
    """What they see: these outlets and all below them; None is everything."""
    request: str | None = None
    """The id of the request."""
    receipt: Receipt | None = None
    """What they do is written down with its answer, and done once."""


OPERATOR = Actor(kind=ActorKind.ACCOUNT, id="operator", source=Source.CLI)
"""Whoever runs the server."""

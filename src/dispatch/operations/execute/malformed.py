"""What a phone has said and nobody can read: it is answered and kept, and stops nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.action import CODE_GIVEN, MOST_SEQUENCE, ActionKind
from dispatch.store.rows.base import Document

MOST_KEPT = 4_000
"""Characters that are kept of it; the hash is of all that was read."""
MOST_WRONG = 10
"""Things told that are wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong with an action."""

    pointer: str
    """JSON pointer to it, in the action."""
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """An action that cannot be read, but for its number."""

    sequence: int
    sent: str
    """As it was sent, in JSON, without a completion code; cut."""
    sha256: str
    kind: ActionKind | None
    """Of what can be read."""
    visit: UUID | None
    wrong: tuple[Wrong, ...]

    def __post_init__(self) -> None:
        checks.within("action.sequence", self.sequence, 1, MOST_SEQUENCE)

    @property
    def document(self) -> Document:
        """As it is kept."""
        wrong = [{"pointer": entry.pointer, "code": entry.code} for entry in self.wrong]
        return {"malformed": self.sent, "sha256": self.sha256, "wrong": wrong}


def malformed(sequence: int, sent: Mapping[str, object], wrong: tuple[Wrong, ...]) -> Malformed:
    """What is kept of an action that cannot be read.

    Raises
    ------
    InvalidValue
        The number is none.
    """
    hidden = {name: CODE_GIVEN if name.lower() == "code" else sent[name] for name in sent}
    whole = json.dumps(hidden, sort_keys=True)  # ASCII only: there is nothing in it to stumble over
    return Malformed(
        sequence=sequence,
        sent=whole[:MOST_KEPT],
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        kind=_kind(sent.get("kind")),
        visit=_visit(sent.get("visit")),
        wrong=wrong[:MOST_WRONG],
    )


def told_wrong(document: Document) -> tuple[Wrong, ...]:
    """What was wrong with an action, as it is kept."""
    return tuple(Wrong(**entry) for entry in document.get("wrong", ()))


def _kind(value: object) -> ActionKind | None:
    return next((kind for kind in ActionKind if kind.value == value), None)


def _visit(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None

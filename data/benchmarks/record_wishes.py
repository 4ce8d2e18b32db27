"""What people ask of the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Wish:
    """A request."""

    method: str
    path: str
    token: str
    given: Any = None
    claims: tuple[UUID, UUID] | None = None
    """The offer that it claims, and for whom."""
    fine: Callable[[Any], bool] = bool
    """Whether the answer is what it should be."""

    @property
    def body(self) -> bytes | None:
        """As it is sent."""
        return None if self.given is None else json.dumps(self.given).encode()

    def headers(self) -> Mapping[str, str]:
        """With a key of its own, if it changes something."""
        found = {"Authorization": f"Bearer {self.token}"}
        if self.method == "POST":
            found |= {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
        return found

    def granted(self, status: int, body: bytes) -> Any:
        """What was answered, if it was granted: what is refused is no measurement."""
        if status >= 300 or not self.fine(answer := json.loads(body)):
            raise RuntimeError(f"{self.method} {self.path}: {status} {body[:500]!r}")
        return answer

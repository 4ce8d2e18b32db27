"""How large a proof is: small in every run, full where somebody asks for it."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("DISPATCH_PROOF") == "full"


def sized(*, small: T, full: T) -> T:
    """The one that is asked for: ``DISPATCH_PROOF=full`` takes its time."""
    return full if FULL else small


def kinds(wrong: Collection[str]) -> set[str]:
    """What sorts of things a checker has found: the word before the colon."""
    return {line.partition(":")[0] for line in wrong}

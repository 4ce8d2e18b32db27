"""Text that can be kept: without zero bytes and halves of characters."""

from __future__ import annotations

import re

LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character has been lost."""
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""No text of PostgreSQL holds a zero byte; half of a surrogate pair is what is left of a character
that was cut (an emoji, by a program that counts in UTF-16)."""


def legible(text: str) -> str:
    """The same, with a mark for each character that cannot be kept."""
    return _UNKEPT.sub(LOST, text)

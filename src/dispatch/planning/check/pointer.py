"""JSON pointers (RFC 6901) into a day."""

from __future__ import annotations

from dispatch.errors import Place


def at(*parts: str | int) -> Place:
    """The place that ``parts`` lead to, from the top of the day."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return Place(pointer="".join(f"/{part}" for part in escaped))

"""Reading a text file that somebody else made, without trusting its size or encoding."""

from __future__ import annotations

from pathlib import Path

from dispatch.errors import Finding, InvalidInput, Place

MOST_BYTES = 32 * 2**20
"""The largest published instance has 3 MB."""


def read_text(path: Path) -> str:
    """The text of a file of at most :data:`MOST_BYTES` in UTF-8.

    Raises
    ------
    InvalidInput
        It cannot be read, is too large, or is not UTF-8.
    """
    place = Place(file=str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput([Finding("bench.file.unreadable", place, {"reason": reason})]) from error
    if len(content) > MOST_BYTES:
        raise InvalidInput([Finding("bench.file.size", place, {"most_bytes": MOST_BYTES})])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            [Finding("bench.file.encoding", place, {"byte": error.start})]
        ) from error

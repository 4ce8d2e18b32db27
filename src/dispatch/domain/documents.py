"""Free-form JSON that is kept as it was sent: how deep it may be, which numbers it may hold.

What is deeper is not read again by everything that has to read it, and a number that is larger is
not the same for everybody. Both are looked for without recursion: it may be deeper than we can go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType

from dispatch.errors import Finding, Place

MOST_DEPTH = 32
LARGEST = 2**53
"""Beyond, a JSON number is not the same whole number for everybody (RFC 8259, section 6)."""

NUMBERS = (int, float)
SIMPLE = (str, int, float, NoneType)
"""All values of JSON in which there are no others."""


def fault_in(document: object, file: str | None = None) -> Finding | None:
    """What keeps a document from being kept, if anything does.

    Returns
    -------
    Finding | None
        ``json.depth``, or ``json.number`` with its place; the least deep of all.
    """
    level: list[object] = [document]
    for depth in range(MOST_DEPTH + 1):
        if not all(_is_kept(value) for value in level if isinstance(value, NUMBERS)):
            return _number(document, depth, file)
        level = [value for value in level if not isinstance(value, SIMPLE)]
        if not level:
            return None
        level = [entry for value in level for entry in _entries(value)]
    return Finding("json.depth", Place(file=file), {"most": MOST_DEPTH})


def cut(document: object, depth: int = MOST_DEPTH) -> object:
    """The same, with nothing in the place of what is too deep."""
    if isinstance(document, SIMPLE):
        return document
    if depth == 0:
        return None
    if isinstance(document, Mapping):
        return {name: cut(entry, depth - 1) for name, entry in document.items()}
    return [cut(entry, depth - 1) for entry in _entries(document)]


def _is_kept(number: float) -> bool:
    return abs(number) <= LARGEST  # which NaN is not


def _entries(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def _number(document: object, depth: int, file: str | None) -> Finding:
    """The first number that is not kept, so many levels down."""
    names, number = _found(document, depth) or ((), 0)
    pointer = "".join(f"/{_part(name)}" for name in names)
    shown = f"{Decimal(number):.6g}"
    return Finding("json.number", Place(file=file, pointer=pointer), {"value": shown})


def _found(value: object, depth: int) -> tuple[tuple[object, ...], float] | None:
    """By which names one comes to it; levels are few, and entries may be millions."""
    if depth == 0:
        return ((), value) if isinstance(value, NUMBERS) and not _is_kept(value) else None
    for name, entry in _named(value):
        if depth > 1 and isinstance(entry, SIMPLE):
            continue
        found = _found(entry, depth - 1)
        if found is not None:
            return (name, *found[0]), found[1]
    return None


def _named(value: object) -> Iterable[tuple[object, object]]:
    return value.items() if isinstance(value, Mapping) else enumerate(_entries(value))


def _part(name: object) -> str:
    """A name as a part of a JSON pointer (RFC 6901), which has to be text that can be told."""
    part = str(name).replace("~", "~0").replace("/", "~1")
    return part[:200].encode("utf-8", "backslashreplace").decode()

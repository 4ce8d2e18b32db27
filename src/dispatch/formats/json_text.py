"""JSON (RFC 8259) read without mercy: what parsers let pass or disagree about is refused."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from dispatch.domain.documents import LARGEST, MOST_DEPTH
from dispatch.errors import Finding, InvalidInput, Place

Path: TypeAlias = tuple[str | int, ...]
"""The names and indices that lead from the root to a value."""

MOST_DIGITS = 300


class _Object(dict[str, Any]):
    """An object that remembers which names stood in it twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.twice = [name for name, count in counts.items() if count > 1]


def pointer(path: Path) -> str:
    """The JSON pointer (RFC 6901) of a path; empty for the root."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return _shown("".join(f"/{part}" for part in parts))


def parse(text: str, file: str | None = None) -> tuple[Any, dict[Path, Finding]]:
    """The document, and what is wrong with it as JSON by where it stands.

    Raises
    ------
    InvalidInput
        ``json.syntax`` or ``json.depth``: there is no document.
    """
    try:
        document = json.loads(text, object_pairs_hook=_Object, parse_int=_whole)
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "column": error.colno}
        raise InvalidInput([Finding("json.syntax", Place(file=file), values)]) from error
    except RecursionError as error:
        raise InvalidInput([_too_deep(file)]) from error
    found = {
        path: Finding(code, Place(file=file, pointer=pointer(path)), {"value": value})
        for path, code, value in _faults(document, ())
    }
    if any(finding.code == "json.depth" for finding in found.values()):
        raise InvalidInput([_too_deep(file)])
    return document, found


def _whole(digits: str) -> int | float:
    # Python refuses to read thousands of digits (CVE-2020-10735); such a number is out of range.
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf


def _too_deep(file: str | None) -> Finding:
    return Finding("json.depth", Place(file=file), {"most": MOST_DEPTH})


def _faults(value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, dict | list):
        if len(path) >= MOST_DEPTH:
            yield path, "json.depth", ""
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for name, entry in entries:
            yield from _faults(entry, (*path, name))
        if isinstance(value, _Object):
            yield from (((*path, name), "json.twice", _shown(name)) for name in value.twice)
            names = (name for name in value if not _sound(name))
            yield from (((*path, name), "json.surrogate", _shown(name)) for name in names)
    elif isinstance(value, str) and not _sound(value):
        yield path, "json.surrogate", _shown(value)
    elif isinstance(value, int | float) and not abs(value) <= LARGEST:  # not: true for NaN too
        yield path, "json.number", f"{value:.6g}"


def _sound(text: str) -> bool:
    # A lone surrogate is no character, and UTF-8 cannot hold it (RFC 3629).
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _shown(text: str) -> str:
    return text[:200].encode("utf-8", "backslashreplace").decode()

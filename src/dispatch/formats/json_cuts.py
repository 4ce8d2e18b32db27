"""JSON documents with entries cut out, in which what is left still knows where it stood."""

from __future__ import annotations

from typing import Any

from dispatch.formats.json_text import Path


class _Cut(list[Any]):
    """A list of which some entries were cut out; it knows where the others stood."""

    def __init__(self, entries: list[tuple[int, Any]]) -> None:
        super().__init__(entry for _, entry in entries)
        self.stood = [index for index, _ in entries]


def without(value: Any, cuts: set[Path], path: Path = ()) -> Any:
    """The value without what lies at ``cuts``."""
    if isinstance(value, dict):
        return {
            name: without(entry, cuts, (*path, name))
            for name, entry in value.items()
            if (*path, name) not in cuts
        }
    if isinstance(value, list):
        return _Cut(
            [
                (index, without(entry, cuts, (*path, index)))
                for index, entry in zip(stood(value), value, strict=True)
                if (*path, index) not in cuts
            ]
        )
    return value


def stood(entries: list[Any]) -> list[int]:
    """Where each entry stood in the list as it was given."""
    return entries.stood if isinstance(entries, _Cut) else list(range(len(entries)))


def follow(location: tuple[int | str, ...], document: Any) -> tuple[Path, Any, Path]:
    """As far as a location leads in the document: the path there, the value, and what is left."""
    path: Path = ()
    for step, part in enumerate(location):
        if isinstance(document, dict) and part in document:
            path, document = (*path, part), document[part]
        elif isinstance(document, list) and isinstance(part, int):
            path, document = (*path, stood(document)[part]), document[part]
        else:
            return path, document, location[step:]
    return path, document, ()

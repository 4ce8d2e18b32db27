"""The sentences people read, by stable key and language.

``en/*.toml`` and ``zh/*.toml`` hold the same keys, one file for each part of the product. A key
is dotted (``job.window.reversed.cause``); its text may name values in braces.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")


def say(key: str, lang: str = "en", /, **values: object) -> str:
    """The text of ``key`` in ``lang``, with ``values`` filled in.

    Raises
    ------
    KeyError
        No text has this key: a mistake in the program, found by the tests.
    """
    return catalogue(lang)[key].format(**values)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every key of a language with its text, from all files of that language."""
    if lang not in LANGUAGES:
        raise KeyError(f"no language {lang!r}; there are {', '.join(LANGUAGES)}")
    entries: dict[str, str] = {}
    for file in sorted(files(__name__).joinpath(lang).iterdir(), key=lambda found: found.name):
        if file.name.endswith(".toml"):
            for key, text in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in entries:
                    raise KeyError(f"the key {key!r} stands twice in {lang}/")
                entries[key] = text
    return entries


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, entry in table.items():
        if isinstance(entry, dict):
            yield from _flat(entry, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(entry)

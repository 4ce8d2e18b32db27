"""The options that every command has: they may stand anywhere on the line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.cli import language

LANG, DEBUG, JSON = "--lang", "--debug", "--json"


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command line with the global options in front, where the parser expects them."""

    words: tuple[str, ...]
    lang: str
    """In what to speak, even of an error on this very line."""
    debug: bool
    json: bool


def arrange(words: Sequence[str] | None, environment: Mapping[str, str]) -> Arguments:
    """Move ``--lang X`` and ``--debug`` to the front; all after ``--`` stays as it is."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(sys.argv[1:] if words is None else words)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word == LANG and queue:
            front += [word, queue.pop(0)]
        elif word == DEBUG or word.startswith(f"{LANG}="):
            front.append(word)
        else:
            rest.append(word)
    return Arguments(
        words=(*front, *rest),
        lang=_language(front) or language.from_environment(environment),
        debug=DEBUG in front,
        json=JSON in rest,
    )


def _language(front: Sequence[str]) -> str | None:
    asked = " ".join(front).replace(f"{LANG}=", f"{LANG} ").split()
    named = [after for before, after in pairwise(asked) if before == LANG]
    return language.matching(named[-1]) if named else None

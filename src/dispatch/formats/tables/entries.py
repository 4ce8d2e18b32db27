"""Lists inside one cell: ``gas: 3; welding``.

Entries are apart by ``;`` or ``,``, a name and its value by ``:`` (each also in full width, and the
Chinese enumeration comma). A name that holds one of these stands in double quotes, a double quote
inside them is doubled, as in CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dispatch.errors import InvalidValue

SPECIAL = re.compile('[;,:；，、："\n]')
NAME = re.compile('\\s*(?:"((?:[^"]|"")*)"|([^;,:；，、："\n]+))\\s*')
VALUE = re.compile("\\s*[:：]([^;,；，、\n]*)")
BETWEEN = re.compile("[;,；，、\n]")
MOST_ENTRIES = 200


def entries(text: str) -> list[tuple[str, str]]:
    """Each name with its value; empty where none is given.

    Raises
    ------
    InvalidValue
        ``cell.list``: the text is no such list.
    """
    found = list(_entries(text))
    if len(found) > MOST_ENTRIES:
        raise InvalidValue("cell.list", value=text[:60])
    return found


def _entries(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        name = NAME.match(text, at)
        if name is None or not name[0].strip():
            raise InvalidValue("cell.list", value=text[:60])
        at = name.end()
        value = VALUE.match(text, at)
        at = value.end() if value else at
        quoted, plain = name.groups()
        yield (
            plain.strip() if quoted is None else quoted.replace('""', '"'),
            value[1].strip() if value else "",
        )
        between = BETWEEN.match(text, at)
        if between is None and at < len(text):
            raise InvalidValue("cell.list", value=text[:60])
        at = between.end() if between else at


def quoted(name: str) -> str:
    """A name as it stands in a list."""
    return '"' + name.replace('"', '""') + '"' if SPECIAL.search(name) else name


def joined(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values as one cell; :func:`entries` takes them apart again."""
    return "; ".join(f"{quoted(name)}: {value}" if value else quoted(name) for name, value in pairs)

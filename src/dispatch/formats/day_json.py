"""A day as a JSON file: ``{"format": "dispatch.day", "version": 1, ...}``.

The fields are those of :class:`dispatch.domain.day.Day`; a field that has its usual value may be
left out. A file may say besides by which ``datum`` its positions are given. Published as
``schemas/day-1.schema.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dispatch.domain.datum import Datum, day_in_wgs84
from dispatch.domain.day import Day
from dispatch.domain.named import Named
from dispatch.formats.files import Source, write_atomically
from dispatch.formats.json_values import JsonFormat


@dataclass(frozen=True, kw_only=True)
class DayFile(Day):
    """The input of a planning window of one or more days, as it stands in a file."""

    datum: Datum = Datum.WGS84
    """By which its positions are given: of sites, outlets and homes."""

    def day(self) -> Day:
        """The day that is meant, in WGS-84."""
        said = {entry.name: getattr(self, entry.name) for entry in fields(Day)}
        return day_in_wgs84(Day(**said), self.datum)


DAY_JSON = JsonFormat("dispatch.day", 1, Day)
"""As it is written: positions are in WGS-84."""
DAY_FILE = JsonFormat(DAY_JSON.name, DAY_JSON.version, DayFile)
"""As it is read."""


def read_day(source: Source, *, file: str | None = None) -> Day:
    """The day in a JSON file, its positions in WGS-84.

    Parameters
    ----------
    source
        The file's path, or its content.
    file
        How findings name the file; without it, its path.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it, each with its JSON pointer.
    """
    return DAY_FILE.read(source, file).day()


def named_in(document: Mapping[str, Any]) -> Named:
    """What a day that could be read says of what holds for the whole network."""
    return frozenset(_named(document))


def _named(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in ("zone", "speeds") if name in document)
    for name, price in document.get("policy", {}).items():
        if isinstance(price, Mapping):
            yield from (f"policy/{name}/{priority}" for priority in price)
        else:
            yield f"policy/{name}"


def day_json(day: Day) -> bytes:
    """The day as JSON: the same bytes for the same day, the policy's prices in full."""
    document = DAY_JSON.document(day, exclude_defaults=True)
    document["policy"] = DAY_JSON.document(day)["policy"]
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def write_day(day: Day, path: Path) -> None:
    """Write the day to a JSON file, all or nothing.

    Raises
    ------
    Unavailable
        ``file.unwritable``.
    """
    write_atomically(path, day_json(day))


def day_fingerprint(day: Day) -> str:
    """The SHA-256 of all that the day says, in hexadecimal.

    It changes with every value, also with one that the file leaves out, and not with the order of
    names in a mapping.
    """
    document = DAY_JSON.document(day)
    canonical = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

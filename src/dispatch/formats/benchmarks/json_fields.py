"""Typed values out of parsed JSON; what is wrong is gathered, not raised one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

from dispatch.errors import Finding, InvalidInput, Place, Value
from dispatch.formats.benchmarks.bounded import read_text

Record: TypeAlias = Mapping[str, Any]

MOST_ENTRIES = 2_000
"""In one list; a matrix of this size has 4 million numbers."""
MOST_LETTERS = 200
"""In one name."""
LARGEST_NUMBER = 1e9


class JsonFields:
    """Reads fields of one JSON file and gathers a finding for each that is wrong.

    A field that is wrong reads as an empty value of its kind, so that reading goes on and the
    rest is checked too; :meth:`refuse_if_wrong` stands at the end.
    """

    def __init__(self, path: Path) -> None:
        self._file = str(path)
        self.findings: list[Finding] = []
        self.root = self._parse(read_text(path))

    def wrong(self, code: str, pointer: str, **values: Value) -> None:
        """Note what is wrong at a JSON pointer."""
        self.findings.append(Finding(code, Place(file=self._file, pointer=pointer), values))

    def refuse_if_wrong(self) -> None:
        """Raise everything that was found.

        Raises
        ------
        InvalidInput
            Something was wrong.
        """
        if self.findings:
            raise InvalidInput(self.findings)

    def text(self, record: Record, name: str, pointer: str) -> str:
        """A text of 1 to :data:`MOST_LETTERS` letters."""
        found = record.get(name)
        if isinstance(found, str) and 0 < len(found) <= MOST_LETTERS:
            return found
        self._missing_or("bench.field.text", record, name, pointer)
        return ""

    def number(self, record: Record, name: str, pointer: str) -> float:
        """A finite number from 0 to :data:`LARGEST_NUMBER`."""
        if name not in record:
            self.wrong("bench.field.missing", pointer, name=name)
            return 0.0
        return self.plain_number(record[name], f"{pointer}/{name}")

    def plain_number(self, found: object, pointer: str) -> float:
        """The same for an entry of a list."""
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.wrong("bench.field.number", pointer)
            return 0.0
        if not 0 <= found <= LARGEST_NUMBER:  # false for NaN too
            self.wrong("bench.field.range", pointer, value=repr(found)[:24], most=LARGEST_NUMBER)
            return 0.0
        return float(found)

    def entries(self, record: Record, name: str, pointer: str) -> list[Any]:
        """A list of at most :data:`MOST_ENTRIES`."""
        found = record.get(name)
        if not isinstance(found, list):
            self._missing_or("bench.field.list", record, name, pointer)
            return []
        if len(found) > MOST_ENTRIES:
            place = f"{pointer}/{name}"
            self.wrong("bench.field.entries", place, count=len(found), most=MOST_ENTRIES)
            return []
        return found

    def records(self, record: Record, name: str, pointer: str) -> Iterator[tuple[str, Record]]:
        """The records of a list, each with its own pointer."""
        for index, entry in enumerate(self.entries(record, name, pointer)):
            place = f"{pointer}/{name}/{index}"
            if isinstance(entry, dict):
                yield place, entry
            else:
                self.wrong("bench.field.record", place)

    def _missing_or(self, code: str, record: Record, name: str, pointer: str) -> None:
        if name in record:
            self.wrong(code, f"{pointer}/{name}")
        else:
            self.wrong("bench.field.missing", pointer, name=name)

    def _parse(self, text: str) -> Record:
        root = self._loaded(text)
        if not isinstance(root, dict):
            self.wrong("bench.field.record", "")
            self.refuse_if_wrong()
        return root  # type: ignore[no-any-return]  # the check above has raised otherwise

    def _loaded(self, text: str) -> Any:
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            self.wrong("bench.json.syntax", "", line=error.lineno, column=error.colno)
        except (RecursionError, ValueError):
            # Brackets thousands deep, or an integer of thousands of digits.
            self.wrong("bench.json.syntax", "", line=1, column=1)
        raise InvalidInput(self.findings)


class Named(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str:
        """Empty if it could not be read."""
        ...


NamedT = TypeVar("NamedT", bound=Named)


def unique(
    fields: JsonFields,
    records: Iterable[tuple[str, Record]],
    read: Callable[[str, Record], NamedT],
) -> tuple[NamedT, ...]:
    """Read each record and note those whose id came before."""
    seen: set[str] = set()
    kept: list[NamedT] = []
    for pointer, record in records:
        entry = read(pointer, record)
        if entry.id and entry.id in seen:
            fields.wrong("bench.id.repeated", f"{pointer}/id", id=entry.id)
        seen.add(entry.id)
        kept.append(entry)
    return tuple(kept)

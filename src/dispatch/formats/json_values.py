"""JSON documents as value objects of the domain; everything that is wrong at once.

pydantic checks types; the value objects check themselves. A value object says only the first thing
that is wrong with it, and is not even asked while one of its fields has the wrong type. So what is
wrong is cut out and the rest is read again, until nothing new is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from dispatch.errors import Finding, InvalidInput, Place, Value
from dispatch.formats.files import Source, decode, label, read_bytes
from dispatch.formats.json_cuts import without
from dispatch.formats.json_faults import Fault, faults, time_faults
from dispatch.formats.json_text import Path, parse, pointer

T = TypeVar("T")

MOST_ROUNDS = 12
ENVELOPE = ("format", "version")


@dataclass(frozen=True, slots=True)
class JsonFormat(Generic[T]):
    """A versioned JSON format of one value object."""

    name: str
    """Such as ``dispatch.day``."""
    version: int
    type: type[T]

    def read(self, source: Source, file: str | None = None) -> T:
        """The value object in a file.

        Raises
        ------
        InvalidInput
            Everything that is wrong with it, each with its JSON pointer.
        """
        file = label(source, file)
        document, wrong = parse(decode(read_bytes(source, file), file), file)
        found = [Fault(finding, path, path) for path, finding in wrong.items()]
        found.extend(self._envelope_faults(document, file))
        if any(fault.at == () or fault.at[0] in ENVELOPE for fault in found):
            raise InvalidInput([fault.finding for fault in found])
        return self._read_body(document, found, file)

    def document(self, value: T, *, exclude_defaults: bool = False) -> dict[str, Any]:
        """The value object as plain JSON values, the name and version of the format first."""
        body = TypeAdapter(self.type).dump_python(
            value, mode="json", exclude_defaults=exclude_defaults
        )
        return {"format": self.name, "version": self.version, **body}

    def _envelope_faults(self, document: Any, file: str | None) -> Iterator[Fault]:
        def fault(code: str, path: Path, **values: Value) -> Fault:
            place = Place(file=file, pointer=pointer(path))
            return Fault(Finding(code, place, values), path, path)

        if not isinstance(document, dict):
            yield fault("json.type.object", ())
            return
        if document.get("format") != self.name:
            yield fault("json.format", ("format",), expected=self.name)
        elif type(document.get("version")) is not int or document["version"] != self.version:
            yield fault("json.version", ("version",), expected=self.version)

    def _read_body(self, document: dict[str, Any], found: list[Fault], file: str | None) -> T:
        known = {fault.at for fault in found}
        cuts = {fault.cut for fault in found}
        rest: Any = {name: entry for name, entry in document.items() if name not in ENVELOPE}
        for _ in range(MOST_ROUNDS):
            rest = without(rest, cuts)
            value, new = self._attempt(rest, file)
            found.extend(fault for fault in new if fault.at not in known)
            cuts = {fault.cut for fault in new}
            known |= cuts | {fault.at for fault in new}
            if not new or () in cuts:
                break
        if value is None or found:
            found.sort(key=lambda fault: [_order(part) for part in fault.at])
            raise InvalidInput([fault.finding for fault in found])
        return value

    def _attempt(self, rest: Any, file: str | None) -> tuple[T | None, list[Fault]]:
        try:
            value = TypeAdapter(self.type).validate_json(
                json.dumps(rest), strict=True, extra="forbid"
            )
        except ValidationError as error:
            return None, list(faults(error, self.type, rest, file))
        return value, list(time_faults(value, rest, file))


def _order(part: str | int) -> tuple[str, int]:
    return (part, 0) if isinstance(part, str) else ("", part)

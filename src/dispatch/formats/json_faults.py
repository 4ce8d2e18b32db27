"""What is wrong with a JSON document, in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dispatch.domain import checks
from dispatch.errors import Finding, InvalidValue, Place, Value
from dispatch.formats.json_cuts import follow, stood
from dispatch.formats.json_text import Path, pointer
from dispatch.formats.nearest import nearest

RFC_3339_DATE = re.compile(r"\d{4}-\d\d-\d\dT")
"""pydantic would read "20261231" too, as seconds since 1970."""

TYPES = {
    "bool": "json.type.flag",
    "dataclass": "json.type.object",
    "date": "json.type.date",
    "datetime": "json.type.time",
    "dict": "json.type.object",
    "finite": "json.type.number",
    "float": "json.type.number",
    "int": "json.type.integer",
    "mapping": "json.type.object",
    "string": "json.type.text",
    "timezone": "json.type.time",
    "tuple": "json.type.list",
}
"""What should have stood there, by the first word of pydantic's name for the error."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what must go for the rest to be read."""

    finding: Finding
    at: Path
    cut: Path


def faults(
    error: ValidationError, root: type[Any], document: Any, file: str | None
) -> Iterator[Fault]:
    """What pydantic and the value objects found wrong in a document."""
    seen: set[Path] = set()
    for detail in error.errors(include_url=False):
        fault = _fault(detail, root, document, file)
        if fault.at not in seen:  # a union complains once for each of its types
            seen.add(fault.at)
            yield fault


def _fault(detail: ErrorDetails, root: type[Any], document: Any, file: str | None) -> Fault:
    path, value, left = follow(detail["loc"], document)
    kind = detail["type"]
    values: dict[str, Value] = {}
    at = cut = path
    if kind == "missing":
        at = (*path, *left)
        code = "json.missing"
        values["name"] = str(left[-1])
    elif kind == "unexpected_keyword_argument":
        code, values = _unknown(str(path[-1]), path[:-1], root)
    elif kind == "value_error":
        return _refused(detail["ctx"]["error"], path, value, file)
    elif kind == "enum":
        code = "json.choice"
        values["expected"] = str(detail["ctx"]["expected"])
    elif left and left != ("[key]",):
        code = "json.type.scalar"  # a union: what is left names one of its types
    else:
        code = TYPES[kind.partition("_")[0]]
    return Fault(Finding(code, Place(file=file, pointer=pointer(path)), values), at, cut)


def _refused(error: Exception, path: Path, value: Any, file: str | None) -> Fault:
    """A value object refused one of its fields, or how they go together."""
    if not isinstance(error, InvalidValue):
        raise error
    at = path
    cut = path
    parts = str(error.values.get("field", "")).split(".")
    about = error.code.rpartition(".")[2]
    for names in (parts, parts[1:]):
        if names and isinstance(value, dict) and names[0] in value:
            at, cut = path + follow((*names,), value)[0], (*path, names[0])
            break
    else:
        if isinstance(value, dict) and about in value:  # day.zone is about the zone
            at = (*path, about)
    return Fault(error.finding(Place(file=file, pointer=pointer(at))), at, cut)


def _unknown(name: str, path: Path, root: type[Any]) -> tuple[str, dict[str, Value]]:
    known = [entry.name for entry in fields(_class_at(root, path))]
    near = nearest(name, known)
    if near:
        return "json.misspelt", {"name": name[:60], "near": near}
    return "json.unknown", {"name": name[:60], "known": ", ".join(known)}


def _class_at(root: type[Any], path: Path) -> type[Any]:
    """The class of the value object that a path leads to."""
    found: Any = root
    for part in path:
        if is_dataclass(found):
            found = get_type_hints(found)[str(part)]
        else:
            found = get_args(found)[-1 if isinstance(part, str) else 0]
        options = [option for option in get_args(found) if option is not type(None)]
        if get_origin(found) is UnionType and len(options) == 1:
            found = options[0]
    return cast("type[Any]", found)


def time_faults(value: Any, document: Any, file: str | None, path: Path = ()) -> Iterator[Fault]:
    """Times without an offset where nobody else looks; texts that pydantic guessed to be times."""
    if isinstance(value, date):
        place = Place(file=file, pointer=pointer(path))
        finding = _misread(value, str(document), place)
        if finding:
            yield Fault(finding, path, path)
    elif isinstance(value, tuple):
        for index, entry, given in zip(stood(document), value, document, strict=True):
            yield from time_faults(entry, given, file, (*path, index))
    elif is_dataclass(value) and isinstance(document, dict):
        for name, given in document.items():
            yield from time_faults(getattr(value, name), given, file, (*path, name))


def _misread(value: date, given: str, place: Place) -> Finding | None:
    if not isinstance(value, datetime):
        return None if value.isoformat() == given else Finding("json.type.date", place)
    try:
        checks.aware("time", value)
    except InvalidValue as error:
        return error.finding(place)
    return None if RFC_3339_DATE.match(given) else Finding("json.type.time", place)

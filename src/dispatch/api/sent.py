"""What is sent to the service, which understands all of it or refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

T = TypeVar("T")
OF_JSON = {"int", "float", "bool"}
"""Of these kinds JSON has values of its own: what is sent as another is none of them."""
MOMENTS = {"datetime", "date", "time"}
"""These are texts in JSON: a number would be seconds to one and milliseconds to another."""
A_NUMBER = re.compile(r"\s*[+-]?[\d.]+([eE][+-]?\d+)?\s*")
"""A text that only is one says as little."""
NOT_SENT = {"keys_schema", "metadata", "serialization", "default", "expected", "config"}
"""Parts of a schema that are none of what is sent, and names, which are texts always."""


def plainly(schema: CoreSchema, handler: GetCoreSchemaHandler) -> CoreSchema:
    """The schema, with no text and no truth value taken for a number, and so on.

    All else is read as before: moments, ids and words are texts in JSON, and lists are lists.
    """
    for part in list(_parts(schema, handler, set())):
        if part.get("type") in OF_JSON:
            part["strict"] = True
        elif part.get("type") in MOMENTS:
            moment: Any = part.copy()
            part.clear()
            part.update(no_info_before_validator_function(_no_number, moment))
    return schema


def _parts(schema: Any, handler: GetCoreSchemaHandler, seen: set[int]) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of, also where it only refers to it."""
    if isinstance(schema, list | tuple):
        for part in schema:
            yield from _parts(part, handler, seen)
    if not isinstance(schema, dict) or id(schema) in seen or _is_told(schema):
        return
    seen.add(id(schema))
    yield schema
    if schema.get("type") == "definition-ref":
        with suppress(LookupError):  # it stands in the schema itself, among its definitions
            yield from _parts(handler.resolve_ref_schema(schema), handler, seen)
    for name, part in schema.items():
        if name not in NOT_SENT:
            yield from _parts(part, handler, seen)


def _is_told(schema: dict[str, Any]) -> bool:
    """Whether it is a moment that is read so already, in a part that is a body as well."""
    function = schema.get("function")
    return isinstance(function, dict) and function.get("function") is _no_number


def _no_number(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and A_NUMBER.fullmatch(value)):
        raise PydanticCustomError("moment_type", "Input should be a text, as ISO 8601 has it")
    return value


class _Plainly:
    """As an annotation, what :class:`Sent` is by itself."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """As pydantic has it."""
        return plainly(handler(source), handler)


class Sent(BaseModel):
    """A body, or a part of one: a field that nobody knows is a mistake, and is told of.

    Every body is one, or is :data:`Plainly` something of the domain, which is read as strictly.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """As pydantic has it; what has values of its own in JSON is taken as nothing else."""
        return plainly(handler(source), handler)


Plainly = Annotated[T, _Plainly()]
"""Something of the domain that is sent as it is."""

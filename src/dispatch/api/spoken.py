"""Actions as phones send them: one that cannot be read is in no other's way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from dispatch.domain.action import Action
from dispatch.domain.documents import cut
from dispatch.domain.legible import legible
from dispatch.errors import InvalidValue
from dispatch.operations.execute.malformed import Malformed, Wrong, malformed

MOST_POINTER = 200


def _read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """The action, or what is kept of it; its number is part of the envelope.

    What is nested too deep is left out before anybody looks at it: no field of an action is.
    """
    if not isinstance(value, Mapping):
        return handler(value)
    number = value.get("sequence")
    if type(number) is not int:
        raise PydanticCustomError("int_type", "The sequence of an action is a whole number")
    shallow = {name: cut(entry) for name, entry in value.items()}
    try:
        return handler(_legible(shallow))
    except ValidationError as error:
        return _kept(number, shallow, error)


def _legible(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same; what people have written in it can be kept."""
    note, answers = value.get("note"), value.get("checklist")
    mended = dict(value)
    if isinstance(note, str):
        mended["note"] = legible(note)
    if isinstance(answers, Mapping):
        mended["checklist"] = {
            item: legible(answer) if isinstance(answer, str) else answer
            for item, answer in answers.items()
        }
    return mended


def _kept(number: int, value: Mapping[str, Any], error: ValidationError) -> Malformed:
    found = error.errors(include_url=False, include_input=False)
    wrong = tuple(_wrong(entry["loc"], entry.get("ctx")) for entry in found)
    return malformed(number, value, wrong)


def _wrong(where: tuple[int | str, ...], context: Mapping[str, Any] | None) -> Wrong:
    error = (context or {}).get("error")
    if not isinstance(error, InvalidValue):
        return Wrong(pointer=_pointer(where), code="request.field")
    named = str(error.values.get("field", "")).split(".")[1:]  # of "action.note": the note
    return Wrong(pointer=_pointer(where or tuple(named)), code=error.code)


def _pointer(where: tuple[int | str, ...]) -> str:
    return legible("".join(f"/{part}" for part in where))[:MOST_POINTER]


Spoken = Annotated[Action, WrapValidator(_read)]
"""An :class:`Action`, or a :class:`Malformed` in its place."""

"""Actions as phones send them: one that cannot be read is in no other's way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from dispatch.domain.action import Action
from dispatch.errors import InvalidValue
from dispatch.operations.execute.malformed import Malformed, Wrong, malformed

MOST_POINTER = 200


def _read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """The action, or what is kept of it; its number is part of the envelope."""
    try:
        return handler(value)
    except ValidationError as error:
        number = value.get("sequence") if isinstance(value, Mapping) else None
        if type(number) is not int:
            raise
        return _kept(number, value, error)


def _kept(number: int, value: Mapping[str, Any], error: ValidationError) -> Malformed:
    wrong = tuple(
        Wrong(pointer=_pointer(entry["loc"]), code=_code((entry.get("ctx") or {}).get("error")))
        for entry in error.errors(include_url=False, include_input=False)
    )
    return malformed(number, value, wrong)


def _pointer(where: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in where)[:MOST_POINTER]


def _code(error: Any) -> str:
    return error.code if isinstance(error, InvalidValue) else "request.field"


Spoken = Annotated[Action, WrapValidator(_read)]
"""An :class:`Action`, or a :class:`Malformed` in its place."""

"""What the log is told of a mistake of ours: where it happened, and no value of anybody's."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import psycopg
from pydantic import ValidationError
from pydantic_core import ValidationError as CoreError
from sqlalchemy.exc import SQLAlchemyError

TALKATIVE = (psycopg.Error, SQLAlchemyError, ValidationError, CoreError)
"""Their messages repeat what was to be kept: rows (PostgreSQL's DETAIL), parameters, fields."""
MOST_CAUSES = 10


def trace_of(error: BaseException) -> str:
    """Types, codes and places of an error and of what caused it; messages of our own code only."""
    return "\n".join(line for one in _chain(error) for line in _lines(one))


def headline_of(error: BaseException) -> str:
    """The first line of that, in short: for whoever looks after what has failed."""
    if isinstance(error, TALKATIVE):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < MOST_CAUSES:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _lines(error: BaseException) -> Iterator[str]:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, TALKATIVE):
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        yield name if state is None else f"{name} ({state})"
    else:
        yield f"{name}: {error}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"

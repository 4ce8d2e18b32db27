"""What a value object of the domain says, as a document, but for what has columns of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from pydantic import TypeAdapter

from dispatch.store.rows.base import Document

T = TypeVar("T")


def said(value: object, *, but: Collection[str] = ()) -> Document:
    """In the words of the day format; what is as usual is left out."""
    document: Document = adapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)
    return {name: entry for name, entry in document.items() if name not in but}


def heard(kind: type[T], document: Document, **columns: object) -> T:
    """The value object again."""
    value: T = adapter(kind).validate_python({**document, **columns})
    return value


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """The one of a class: each takes milliseconds to make."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]

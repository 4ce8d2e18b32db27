"""What a kind of cell can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from dispatch.formats.tables.cells import Cell
from dispatch.formats.tables.locale import Locale

T = TypeVar("T")


class Kind(ABC, Generic[T]):
    """Reads and writes one kind of value. An empty cell never gets here."""

    __slots__ = ()

    @abstractmethod
    def read(self, cell: Cell, locale: Locale, /) -> T:
        """The value of a cell.

        Raises
        ------
        InvalidValue
            The cell holds no such value.
        """

    @abstractmethod
    def write(self, value: T, locale: Locale, /) -> Cell:
        """The cell from which ``read`` makes the value again; none where nothing need be said.

        Raises
        ------
        InvalidValue
            ``cell.unwritable``.
        """

    def names(self, _value: T, /) -> Iterable[str]:
        """The ids of other rows that the value names."""
        return ()

    def choices(self, _lang: str, /) -> tuple[str, ...]:
        """All cells there are, where they are few."""
        return ()

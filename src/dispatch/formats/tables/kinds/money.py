"""Amounts of money: currency units outside, minor units inside."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dispatch.domain.checks import MOST_MINOR
from dispatch.errors import InvalidValue
from dispatch.formats.tables.cells import Cell, shown
from dispatch.formats.tables.kinds.kind import Kind
from dispatch.formats.tables.kinds.plain import number
from dispatch.formats.tables.locale import Locale


@dataclass(frozen=True, slots=True)
class Money(Kind[int]):
    """An amount, not negative, with no more digits than the currency has."""

    def read(self, cell: Cell, locale: Locale, /) -> int:
        """The amount in minor units."""
        minor = Decimal(repr(number(cell))).scaleb(locale.minor_digits)
        if minor != minor.to_integral_value():
            raise InvalidValue("cell.money", value=shown(cell), currency=locale.currency)
        if not 0 <= minor <= MOST_MINOR:
            high = MOST_MINOR / 10**locale.minor_digits
            raise InvalidValue("cell.range", value=shown(cell), low=0, high=high)
        return int(minor)

    def write(self, value: int, locale: Locale, /) -> Cell:
        """The amount in currency units."""
        amount = Decimal(value).scaleb(-locale.minor_digits)
        return int(amount) if amount == amount.to_integral_value() else float(amount)

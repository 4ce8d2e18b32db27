"""What cells mean in one file: whose clocks and maps, which money, which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.domain.datum import Datum

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no zones
"""Day 0 of serial dates; workbooks from old Macs count from 1904."""

DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""Digits after the point by currency, where they are not 2 (ISO 4217)."""


@dataclass(frozen=True, slots=True)
class Locale:
    """By which zone, date and currency cells are read and written."""

    zone: ZoneInfo
    currency: str
    on: date | None = None
    """The day that a time without a date belongs to."""
    epoch: datetime = EPOCH
    datum: Datum = Datum.WGS84
    """By which positions are read; they are written in WGS-84."""
    lang: str = "en"
    """In which words is written; words of every language are read."""

    @property
    def minor_digits(self) -> int:
        """How many digits the currency has after the point."""
        by_code = {code: digits for digits, codes in DIGITS.items() for code in codes.split()}
        return by_code.get(self.currency, 2)

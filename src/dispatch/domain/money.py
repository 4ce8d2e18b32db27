"""Amounts of money for people to read."""

from __future__ import annotations

WITHOUT_CENTS = frozenset(
    (
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"),
        *("UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    )
)
"""Currencies whose minor unit is the whole one (ISO 4217)."""
IN_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def decimals(currency: str) -> int:
    """How many digits of ``currency`` stand after the decimal point (ISO 4217)."""
    return 0 if currency in WITHOUT_CENTS else 3 if currency in IN_THOUSANDTHS else 2


def amount(minor: int, currency: str) -> str:
    """``minor`` units with their currency: ``1,234.50 SEK``."""
    digits = decimals(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole:,}{f'.{rest:0{digits}}' if digits else ''} {currency}"

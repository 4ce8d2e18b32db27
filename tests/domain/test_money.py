from __future__ import annotations

import pytest

from dispatch.domain.money import amount


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "EUR", "0.00 EUR"),
        (5, "SEK", "0.05 SEK"),
        (123_456, "CNY", "1,234.56 CNY"),
        (-123_456, "CNY", "-1,234.56 CNY"),
        (123_456, "JPY", "123,456 JPY"),
        (123_456, "KWD", "123.456 KWD"),
        (10**15 + 1, "EUR", "10,000,000,000,000.01 EUR"),
    ],
)
def test_amounts_are_exact(minor: int, currency: str, text: str) -> None:
    assert amount(minor, currency) == text

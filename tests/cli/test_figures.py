from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.cli.figures import Cell, shown


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1_234_567, "1,234,567"),
        (-5, "-5"),
        (0.5, "0.50"),
        (True, "yes"),
        (None, "–"),
        ("as it is", "as it is"),
        (datetime(2026, 3, 3, 8, 5, tzinfo=UTC), "08:05"),
    ],
)
def test_cells_are_written_for_people(cell: Cell, text: str) -> None:
    assert shown(cell, "en") == text


def test_yes_is_said_in_the_language() -> None:
    assert shown(False, "zh") == "否"

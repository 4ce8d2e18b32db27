"""The tutorial on a day over HTTP does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.served import TUTORIAL, served, told_by

PAGE = TUTORIAL / "2-a-day-over-http.md"


@pytest.mark.slow
def test_the_day_goes_as_it_is_told(tmp_path: Path) -> None:
    with served(tmp_path, "--demo", "--size", "small") as address:
        lines = told_by(PAGE, address, tmp_path)
    left, freed, ill = (int(number) for number in re.findall(r"\d+", lines.pop(5)))
    assert ill == 0
    assert freed > 0
    assert left < 60
    assert lines == [
        "run solved",
        "schedule 1 conflicts 0",
        "released True",
        "assigned scheduled of True",
        "again 2",
        "actions ['applied', 'applied', 'applied', 'applied']",
        "once True",
        "complete 1 published 2",
    ]

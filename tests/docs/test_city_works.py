"""The tutorial on a city's day does what it says, and the record holds afterwards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.docs.served import TUTORIAL, dispatch, served, told_by

from dispatch.demo.calendar import ZONE
from dispatch.store.database import wall_clock

PAGE = TUTORIAL / "3-a-city-works.md"


@pytest.mark.slow
def test_four_hundred_jobs_are_planned_published_worked_and_paid(tmp_path: Path) -> None:
    tomorrow = wall_clock().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    dispatch(tmp_path, "demo", "--size", "city", "--date", str(tomorrow), "--out", "day.json")
    dispatch(tmp_path, "owner", "olivia", said="four words that fit\n")
    with served(tmp_path) as address:
        assert told_by(PAGE, address, tmp_path) == [
            "jobs 400",
            "schedule 1 left out True",
            "schedule 2",
            "for the ill 0",
            "taken by somebody else True",
            "claimed True one winner each True",
            "outcomes {'applied'}",
            "completed True to be visited again 2",
            "paid True {0}",
            "exported True",
        ]
        dispatch(tmp_path, "audit")

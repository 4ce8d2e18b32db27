from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import small_days

from dispatch.domain.day import Day
from dispatch.formats.tables import read_tables, write_tables, write_template
from dispatch.formats.tables.example import example_day

in_one_folder = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""Each example overwrites every file of the one before."""


@in_one_folder
@given(day=small_days(), lang=st.sampled_from(["en", "zh"]))
def test_a_day_comes_back_from_a_workbook_as_it_was(tmp_path: Path, day: Day, lang: str) -> None:
    path = tmp_path / "day.xlsx"
    write_tables(day, path, lang=lang)
    assert read_tables(path) == day
    assert read_tables(path.read_bytes()) == day


@in_one_folder
@given(day=small_days(), lang=st.sampled_from(["en", "zh"]))
def test_a_day_comes_back_from_csv_files_as_it_was(tmp_path: Path, day: Day, lang: str) -> None:
    write_tables(day, tmp_path / lang, lang=lang)
    assert read_tables(tmp_path / lang) == day


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["template.xlsx", "template"])
def test_a_template_can_be_read_as_it_is(tmp_path: Path, lang: str, name: str) -> None:
    on = date(2026, 3, 2)
    write_template(tmp_path / name, on=on, lang=lang)
    assert read_tables(tmp_path / name) == example_day(on, lang)


@pytest.mark.parametrize("name", ["template.xlsx", "template"])
def test_an_empty_template_holds_its_settings_only(tmp_path: Path, name: str) -> None:
    write_template(tmp_path / name, on=date(2026, 3, 2), examples=False)
    day = read_tables(tmp_path / name)
    assert (day.jobs, day.technicians, day.sites) == ((), (), ())
    assert day.policy.currency == "EUR"

"""The pages about files say what the code does."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.errors import InvalidInput
from dispatch.formats.tables import read_tables
from dispatch.formats.tables.headings import heading, note, sheet_name
from dispatch.formats.tables.layout import SHEETS, Sheet

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
TUTORIAL = ROOT / "docs/tutorial/broken-workbooks.md"
WORKBOOKS = sorted((ROOT / "data/broken-workbooks").glob("*.xlsx"))


def value_objects(root: Any) -> set[type[Any]]:
    """A value object and all within."""
    if not is_dataclass(root):
        return {found for part in get_args(root) for found in value_objects(part)}
    assert isinstance(root, type)
    within = (value_objects(hint) for hint in get_type_hints(root).values())
    return {root}.union(*within)


def by_name(kind: type[Any]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", sorted(value_objects(Day) | value_objects(Plan), key=by_name))
def test_every_field_of_a_value_object_is_explained(kind: type[Any]) -> None:
    page = (REFERENCE / "day-format.md").read_text("utf-8")
    section = re.search(rf"^### {kind.__name__}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section
    explained = re.findall(r"^\| `(\w+)` \| .+ \| .+ \| .+ \|$", section[1], re.MULTILINE)
    assert explained == [entry.name for entry in fields(kind)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_column_of_a_sheet_is_explained(sheet: Sheet) -> None:
    page = (REFERENCE / "tables.md").read_text("utf-8")
    title = f"{sheet_name(sheet.key, 'en')} / {sheet_name(sheet.key, 'zh')}"
    section = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert rows == [
        "| {}{} | {} | {} |".format(
            heading(column.key, "en", "N" if column.repeated else 0),
            " *" if column.required else "",
            heading(column.key, "zh", "N" if column.repeated else 0),
            note(column.key, "en"),
        )
        for column in sheet.columns
    ]


def test_there_are_five_broken_workbooks() -> None:
    assert len(WORKBOOKS) == 5


@pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda path: path.stem)
def test_the_tutorial_lists_what_is_wrong_with_a_workbook(workbook: Path) -> None:
    name = workbook.relative_to(ROOT).as_posix()
    with pytest.raises(InvalidInput) as refused:
        read_tables(workbook, file=name)
    lists = re.findall(
        rf"^    dispatch import {name} --out day.json\n\n```text\n(.*?)```",
        TUTORIAL.read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert lists == [
        "".join(
            f"{finding.code}  {finding.place}\n  {finding.cause()}\n  {finding.cure()}\n"
            for finding in refused.value.findings
        )
    ]

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dispatch.formats.tables import read_tables, write_template
from dispatch.formats.tables.headings import note, sheet_name
from dispatch.formats.tables.layout import SHEETS

ON = date(2026, 3, 2)


def template(folder: Path, lang: str) -> Workbook:
    write_template(folder / "day.xlsx", on=ON, lang=lang)
    return load_workbook(folder / "day.xlsx")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_template_explains_itself(tmp_path: Path, lang: str) -> None:
    book = template(tmp_path, lang)
    names = [sheet_name(key, lang) for key in ("about", *(sheet.key for sheet in SHEETS))]
    assert book.sheetnames == names
    for sheet in SHEETS:
        page = book[sheet_name(sheet.key, lang)]
        assert page.freeze_panes == "B2"
        first = page["A2"] if sheet.key == "settings" else page["A1"]
        assert first.comment is not None
        assert first.comment.text == note(sheet.columns[0].key, lang)


def test_required_columns_have_a_star(tmp_path: Path) -> None:
    headings = [cell.value for cell in template(tmp_path, "en")["shifts"][1]]
    assert headings[:6] == ["technician *", "shift *", "start *", "end *", "starts at", "ends at"]


def test_cells_offer_what_may_stand_in_them(tmp_path: Path) -> None:
    rules = template(tmp_path, "zh")["工单"].data_validations.dataValidation
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules}
    assert offered["B2"] == "'工单类型'!$A$2:$A$20000"
    assert offered["C2"] == "'服务地址'!$A$2:$A$20000"
    assert '"硬性,优选"' in offered.values()
    assert '"是,否"' in offered.values()


def test_a_time_alone_belongs_to_the_date_of_the_template(tmp_path: Path) -> None:
    book = template(tmp_path, "en")
    book["shifts"]["C2"].value = "07:15"
    book.save(tmp_path / "day.xlsx")
    shift = read_tables(tmp_path / "day.xlsx").technicians[0].shifts[0]
    assert shift.start.isoformat() == "2026-03-02T07:15:00+01:00"

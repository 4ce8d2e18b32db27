"""The page of the rules names every reason that a plan can give."""

from __future__ import annotations

from pathlib import Path

from dispatch import texts

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "rules.md"


def test_every_reason_is_on_the_page() -> None:
    keys = [
        key.removeprefix("reason.") for key in texts.catalogue("en") if key.startswith("reason.")
    ]
    codes = {key.removesuffix(".customer") for key in keys}
    page = PAGE.read_text("utf-8")
    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_every_summary_has_a_sentence_for_the_customer() -> None:
    keys = {key for key in texts.catalogue("en") if key.startswith("reason.job.")}
    summaries = {key for key in keys if not key.endswith(".customer")}
    assert summaries
    assert {f"{key}.customer" for key in summaries} == keys - summaries

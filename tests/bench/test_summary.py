from __future__ import annotations

import pytest

from dispatch.bench.features import Feature
from dispatch.bench.outcome import BenchReport, Declined, Outcome, Run
from dispatch.bench.summary import group, runs_table, summary_table
from dispatch.texts import LANGUAGES


def outcome(
    instance: str, gap: float | None, *, unserved: int = 0, set_name: str = "pcvrptw"
) -> Outcome:
    return Outcome(
        set=set_name,
        instance=instance,
        engine="greedy",
        seed=1,
        time_s=10,
        seconds=4.0,
        cost=2016.3333333,
        best_known=2000.0,
        gap_pct=gap,
        unserved=unserved,
        verified=True,
        solution="plan.sol",
    )


REPORT = BenchReport(
    reproductions=(),
    runs=(
        Run(outcome("R1_10_4", 2.0)),
        Run(outcome("R1_10_5", 4.0)),
        Run(outcome("R2_10_9", 7.0)),
        Run(outcome("R2_10_1", None, unserved=3)),
    ),
    declined=(Declined("pcvrptw", "R1_10_4", "vroom", (Feature.OPTIONAL,)),),
)


def test_classes_of_gehring_and_homberger_are_apart() -> None:
    assert group(outcome("RC2_10_1", 1.0)) == "pcvrptw RC2"
    assert group(outcome("C1_10_1", 1.0, set_name="vrptw")) == "vrptw C1"
    assert group(outcome("R2D2", 1.0, set_name="hhcrsp")) == "hhcrsp"


def test_the_mean_gap_is_over_runs_that_serve_all() -> None:
    assert summary_table(REPORT).rows == (
        ("pcvrptw R1", "greedy", "2", "2", "2", "0", "3.00", "4.0"),
        ("pcvrptw R2", "greedy", "2", "2", "1", "3", "7.00", "4.0"),
    )


def test_what_a_peer_lacks_stands_in_the_table() -> None:
    last = runs_table(REPORT).rows[-1]
    assert last[:3] == ("pcvrptw", "R1_10_4", "vroom")
    assert "optional customers" in last[-1]
    assert "可选客户" in runs_table(REPORT, "zh").rows[-1][-1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_is_as_wide_as_the_headings(lang: str) -> None:
    for table in (runs_table(REPORT, lang), summary_table(REPORT, lang)):
        assert {len(row) for row in table.rows} == {len(table.headings)}


def test_numbers_are_short_and_missing_ones_are_dashes() -> None:
    row = runs_table(REPORT).rows[3]
    assert row[5:] == ("2016.333", "2000", "-", "3", "yes")

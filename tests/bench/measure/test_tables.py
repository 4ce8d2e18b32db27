"""The tables of data/benchmarks, from runs to Markdown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from day_tables import days_page
from line_plots import draw_ablation, draw_convergence, draw_days, draw_sets
from measured import AblationRun, ConvergenceRun, DayRun, SetRun
from search_tables import ablation_table, convergence_table, factorial_table, mean_gap_at
from set_tables import class_table, declined, instance_table, means_table, sets_page
from text_tables import table


def set_run(
    instance: str,
    engine: str,
    gap: float | None,
    *,
    seed: int = 1,
    time_s: float = 10,
    unserved: int = 0,
    lacks: list[str] | None = None,
    group: str = "sdvrptw",
) -> SetRun:
    return SetRun(
        group=group,
        instance=instance,
        engine=engine,
        seed=seed,
        time_s=time_s,
        seconds=time_s,
        cost=None if lacks else 1_000.0 + (gap or 0),
        best_known=1_000.0,
        gap_pct=gap,
        unserved=unserved,
        verified=not lacks,
        lacks=lacks or [],
    )


SET_RUNS = [
    set_run("PR01", "lns", 1.0),
    set_run("PR01", "lns", 2.0, seed=2),
    set_run("PR02", "lns", 3.0),
    set_run("PR02", "lns", 5.0, seed=2),
    set_run("PR01", "ortools", 4.0),
    set_run("PR01", "ortools", 6.0, seed=2),
    set_run("PR02", "ortools", None, unserved=3),
    set_run("PR02", "ortools", 8.0, seed=2),
    set_run("PR01", "vroom", None, lacks=["longest-route"]),
    set_run("PR02", "vroom", None, lacks=["longest-route"]),
]


def ablation_run(piece: str, instance: str, gap: float | None, *, unserved: int = 0) -> AblationRun:
    return AblationRun(
        group="sdvrptw",
        instance=instance,
        piece=piece,
        parameters={} if piece == "everything" else {"partners": 0},
        seed=1,
        time_s=10,
        seconds=10.0,
        iterations=1_000,
        cost=1_000.0,
        best_known=1_000.0,
        gap_pct=gap,
        unserved=unserved,
        verified=True,
    )


ABLATION_RUNS = [
    ablation_run("everything", "PR01", 2.0),
    ablation_run("everything", "PR02", 4.0),
    ablation_run("exchange of tails", "PR01", 3.5),
    ablation_run("exchange of tails", "PR02", None, unserved=1),
    ablation_run("exchange of tails", "not run with everything", 9.0),
]


def convergence_run(instance: str, *points: tuple[float, float]) -> ConvergenceRun:
    return ConvergenceRun(
        group="sdvrptw", instance=instance, engine="lns", seed=1, time_s=2, points=list(points)
    )


CONVERGENCE_RUNS = [
    convergence_run("PR01", (0.1, 10.0), (0.6, 4.0), (2.01, 1.0)),
    convergence_run("PR02", (0.4, 20.0), (1.5, 6.0)),
]


def day_run(engine: str, *, common: bool = False, cost: float | None = 500.0) -> DayRun:
    return DayRun(
        size="small",
        seed=1,
        engine=engine,
        common=common,
        time_s=1,
        seconds=1.0,
        total=60,
        served=58,
        first_s=0.02,
        travel_h=6.5,
        verified=True,
        late_min=None if common else 12.0,
        cost=None if common else cost,
        bound=None if common else 400.0,
        currency=None if common else "SEK",
    )


DAY_RUNS = [day_run("lns"), day_run("lns", common=True), day_run("vroom", common=True)]


def rows_of(markdown: str) -> list[list[str]]:
    lines = markdown.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_words_stand_left_and_numbers_right() -> None:
    assert table(("Day", "Cost"), [("small", "3")]) == (
        "| Day | Cost |\n| --- | ---: |\n| small | 3 |"
    )


def test_means_by_engine_with_what_was_served_and_the_spread_of_seeds() -> None:
    assert rows_of(means_table(SET_RUNS)) == [
        ["`lns`", "10", "2", "2", "2", "2.75", "2.00 to 3.50", "1.50"],
        ["`ortools`", "10", "2", "1", "2", "6.00", "4.00 to 7.00", "5.00"],
    ]


def test_an_engine_that_cannot_express_an_instance_is_named() -> None:
    (sentence,) = declined(SET_RUNS)
    assert sentence.startswith("`vroom` was not run on 2 of 2")
    assert "a longest route duration" in sentence


def test_an_instance_has_a_cell_for_each_engine_and_limit() -> None:
    runs = [*SET_RUNS, set_run("PR02", "pyvrp", None, unserved=4, time_s=60)]
    assert rows_of(instance_table(runs)) == [
        ["PR01", "1,000", "1.50", "5.00", "–"],
        ["PR02", "1,000", "4.00", "8.00 (1 of 2)", "4 left out"],
    ]


def test_long_horizons_are_averaged_apart_from_short_ones() -> None:
    runs = [
        set_run("C2_10_3", "lns", 2.0, group="pcvrptw"),
        set_run("RC2_10_1", "lns", 4.0, group="pcvrptw"),
        set_run("R1_10_4", "lns", 7.0, group="pcvrptw"),
    ]
    assert rows_of(class_table(runs)) == [
        ["C2", "`lns`", "10", "1", "1", "2.00"],
        ["RC2", "`lns`", "10", "1", "1", "4.00"],
        ["**C2, R2, RC2**", "`lns`", "10", "2", "2", "3.00"],
        ["R1", "`lns`", "10", "1", "1", "7.00"],
        ["**C1, R1, RC1**", "`lns`", "10", "1", "1", "7.00"],
    ]
    assert class_table(SET_RUNS) == ""


def test_the_page_of_sets_says_what_was_reproduced() -> None:
    assert "Published costs reproduced: 2 of 2." in sets_page(SET_RUNS)


def test_a_piece_is_judged_on_the_runs_that_have_both_gaps() -> None:
    assert rows_of(ablation_table(ABLATION_RUNS)) == [
        ["exchange of tails", "`partners=0`", "1", "2.00", "3.50", "+1.50", "0", "1"]
    ]


def test_pieces_are_told_apart_by_runs_with_a_random_half_of_them() -> None:
    rng = np.random.default_rng(1)
    runs = []
    for number in range(80):
        off = rng.random(2) < 0.5
        name, easy = (("PR01", 0.0), ("PR02", 5.0))[number % 2]
        gap = easy + 1.0 * off[0] - 0.5 * off[1] + 0.01 * rng.normal()
        parameters = {
            key: 0.0 for key, is_off in zip(("gift", "blink"), off, strict=True) if is_off
        }
        runs.append(replace(ablation_run("drawn", name, gap), parameters=parameters, seed=number))
    runs.append(ablation_run("drawn", "PR01", None, unserved=1))
    (gift, blink) = rows_of(factorial_table(runs, {"gifts": "gift", "places": "blink"}))
    assert gift == ["gifts", "+1.00 ± 0.00"]
    assert blink == ["places", "-0.50 ± 0.00"]
    few = rows_of(factorial_table(runs[:3], {"gifts": "gift", "places": "blink"}))
    assert few == [["gifts", "–"], ["places", "–"]]


def test_the_mean_gap_waits_for_the_last_instance() -> None:
    assert mean_gap_at(CONVERGENCE_RUNS, 0.2) is None
    assert mean_gap_at(CONVERGENCE_RUNS, 0.5) == 15.0
    assert mean_gap_at(CONVERGENCE_RUNS, 2) == 3.5, "told a little after the limit"
    (row,) = rows_of(convergence_table(CONVERGENCE_RUNS))
    assert row == ["sdvrptw", "`lns`", "2", "2", "–", "–", "15.00", "12.00", "3.50"]


def test_whole_days_and_their_common_part_are_apart() -> None:
    whole, common = days_page(DAY_RUNS).split("## The common part")
    assert "| `lns` | 1 | 1 | 58 | 12 | 500 | 20.0 | 0.02 | 1 of 1 |" in whole
    assert "vroom" not in whole
    assert "| small | `vroom` | 1 | 1 | 60 | 58 | 6.50 | 0.02 | 1.0 |" in common


def test_every_part_is_drawn(tmp_path: Path) -> None:
    draw_sets(SET_RUNS, tmp_path / "sets.png")
    draw_ablation(ABLATION_RUNS, tmp_path / "ablation.png")
    draw_convergence(CONVERGENCE_RUNS, tmp_path / "convergence.png")
    draw_days(DAY_RUNS, tmp_path / "days.png")
    assert len(list(tmp_path.iterdir())) == 4


def test_nothing_measured_is_nothing_drawn(tmp_path: Path) -> None:
    draw_sets([], tmp_path / "sets.png")
    assert not list(tmp_path.iterdir())

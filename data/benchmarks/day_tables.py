"""Tables of the days of the demo city."""

from __future__ import annotations

from collections.abc import Sequence

from measured import DayRun
from text_tables import by, mean, number, page, table

WHOLE = (
    "Every rule and price of the day. *Late* is the lateness of all visits together. *Could save*"
    " is the part of the cost that a better plan could save at most, by the lower bound. *First"
    " plan* is when there was a plan that serves anybody, the start of the process not counted."
    " *Verified*: plans that the checker confirms, which shares nothing with the solver."
)
COMMON = (
    "Only what VROOM can express: skills, hard windows, set-up, loads, shifts, most visits and open"
    " ends. Left away are crews, sequences and dependencies (every visit stands alone), breaks,"
    " due times, preferred windows, order pins, longest routes, shifts that are open at both ends,"
    " durations that differ by technician, and all prices but that of travel. Compared are the"
    " visits served, then the hours on the way. These figures say nothing about the whole day."
    " Plans are timed and checked against this subset by the exact timing of the solver."
)


def days_page(runs: Sequence[DayRun]) -> str:
    """The whole days, and the common part of each."""
    whole = [run for run in runs if not run.common]
    common = [run for run in runs if run.common]
    parts: list[str] = []
    if whole:
        parts += ["## Whole days", WHOLE]
    for size, ours in by(whole, lambda run: run.size).items():
        parts += [f"### {size}: {number(mean(run.total for run in ours), 0)} jobs", day_table(ours)]
    if common:
        parts += ["## The common part", COMMON, common_table(common)]
    intro = "Days of the demo city; where there are several of a size, these are means."
    return page("Days of the demo city", intro, parts)


def day_table(runs: Sequence[DayRun]) -> str:
    """A row for each engine and limit."""
    currency = runs[0].currency or ""
    headings = (
        *("Engine", "Limit s", "Days", "Jobs served", "Late min", f"Cost {currency}".strip()),
        *("Could save %", "First plan s", "Verified"),
    )
    rows = [
        (
            f"`{engine}`",
            f"{time_s:g}",
            str(len(ours)),
            _count(mean(run.served for run in ours)),
            number(mean(run.late_min for run in ours), 0),
            number(mean(run.cost for run in ours), 0),
            number(mean(could_save_pct(run) for run in ours), 1),
            number(mean(run.first_s for run in ours)),
            f"{sum(run.verified for run in ours)} of {len(ours)}",
        )
        for (engine, time_s), ours in _by_engine(runs).items()
    ]
    return table(headings, rows)


def common_table(runs: Sequence[DayRun]) -> str:
    """A row for each size, engine and limit."""
    rows = [
        (
            size,
            f"`{engine}`",
            f"{time_s:g}",
            str(len(ours)),
            _count(mean(run.total for run in ours)),
            _count(mean(run.served for run in ours)),
            number(mean(run.travel_h for run in ours), 2),
            number(mean(run.first_s for run in ours)),
            number(mean(run.seconds for run in ours), 1),
        )
        for size, of_size in by(runs, lambda run: run.size).items()
        for (engine, time_s), ours in _by_engine(of_size).items()
    ]
    headings = (
        *("Size", "Engine", "Limit s", "Days", "Visits", "Served"),
        *("Travel h", "First plan s", "Used s"),
    )
    return table(headings, rows, words=2)


def could_save_pct(run: DayRun) -> float | None:
    """The part of the cost above the lower bound; None where nobody has looked."""
    if run.bound is None or not run.cost:
        return None
    return max(0.0, 100 * (1 - run.bound / run.cost))


def _by_engine(runs: Sequence[DayRun]) -> dict[tuple[str, float], list[DayRun]]:
    return by(runs, lambda run: (run.engine, run.time_s))


def _count(value: float | None) -> str:
    whole = value is None or value == round(value)
    return number(value, 0 if whole else 1)

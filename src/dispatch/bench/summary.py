"""Tables of what a benchmark found, ready to be printed in any way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dispatch import texts
from dispatch.bench.outcome import BenchReport, Declined, Outcome

_NARROW_OR_WIDE = re.compile(r"(RC|R|C)([12])")
"""The classes of Gehring and Homberger: random, clustered or both; short or long horizon."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text; a cell without a number reads ``-``."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def runs_table(report: BenchReport, lang: str = "en") -> Table:
    """A row for each run, and one for each engine that declined an instance."""
    columns = (
        *("set", "instance", "engine", "seed", "seconds"),
        *("cost", "best_known", "gap_pct", "unserved", "verified"),
    )
    ran = [_run_row(run.outcome, lang) for run in report.runs]
    declined = [_declined_row(each, len(columns), lang) for each in report.declined]
    return Table(_headings(columns, lang), (*ran, *declined))


def summary_table(report: BenchReport, lang: str = "en") -> Table:
    """A row for each group of instances and engine."""
    columns = (
        *("group", "engine", "runs", "verified_runs", "served_runs"),
        *("unserved", "mean_gap_pct", "mean_seconds"),
    )
    keys = dict.fromkeys((group(run.outcome), run.outcome.engine) for run in report.runs)
    rows = []
    for key in keys:
        outcomes = [
            run.outcome for run in report.runs if (group(run.outcome), run.outcome.engine) == key
        ]
        rows.append(_summary_row(key, outcomes))
    return Table(_headings(columns, lang), tuple(rows))


def reproduction_sentence(report: BenchReport, lang: str = "en") -> str:
    """How many published costs our checker reproduced."""
    published = [each for each in report.reproductions if each.best_known or each.findings]
    agreed = sum(1 for each in published if not each.findings)
    return texts.say("bench.reproduced", lang, agreed=agreed, published=len(published))


def group(outcome: Outcome) -> str:
    """Instances that are averaged together.

    Those of Gehring and Homberger fall into their classes: where customers may be left out, the
    classes with a short horizon pay so little that they say little, and would drown the others.
    """
    found = _NARROW_OR_WIDE.match(outcome.instance)
    if found and outcome.set in ("vrptw", "pcvrptw"):
        return f"{outcome.set} {found[0]}"
    return outcome.set


def _run_row(outcome: Outcome, lang: str) -> tuple[str, ...]:
    return (
        outcome.set,
        outcome.instance,
        outcome.engine,
        str(outcome.seed),
        f"{outcome.seconds:.1f}",
        _number(outcome.cost),
        _number(outcome.best_known),
        "-" if outcome.gap_pct is None else f"{outcome.gap_pct:.2f}",
        str(outcome.unserved),
        texts.say("bench.yes" if outcome.verified else "bench.no", lang),
    )


def _declined_row(declined: Declined, width: int, lang: str) -> tuple[str, ...]:
    named = [texts.say(f"bench.feature.{feature}", lang) for feature in declined.lacks]
    joined = texts.say("bench.comma", lang).join(named)
    said = texts.say("bench.lacks", lang, features=joined)
    blank = ["-"] * (width - 4)
    return (declined.set, declined.instance, declined.engine, *blank, said)


def _summary_row(key: tuple[str, str], outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    served = [outcome for outcome in outcomes if outcome.verified and not outcome.unserved]
    gaps = [outcome.gap_pct for outcome in outcomes if outcome.gap_pct is not None]
    return (
        *key,
        str(len(outcomes)),
        str(sum(outcome.verified for outcome in outcomes)),
        str(len(served)),
        str(sum(outcome.unserved for outcome in outcomes)),
        f"{_mean(gaps):.2f}" if gaps else "-",
        f"{_mean([outcome.seconds for outcome in outcomes]):.1f}",
    )


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _number(number: float | None) -> str:
    if number is None:
        return "-"
    return f"{number:.0f}" if number == round(number) else f"{number:.3f}".rstrip("0")


def _headings(columns: Iterable[str], lang: str) -> tuple[str, ...]:
    return tuple(texts.say(f"bench.column.{column}", lang) for column in columns)

"""Tables of the engine ``lns`` at work: without a piece, and over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from measured import EVERYTHING, AblationRun, ConvergenceRun
from text_tables import NONE, by, mean, number, page, table

MOMENTS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


def ablation_page(runs: Sequence[AblationRun]) -> str:
    """What each piece is worth, by set and limit."""
    intro = (
        "Mean gaps in percent over the best-known cost, with everything and with one piece"
        " switched off, over the same instances and seeds. Of days of the demo city no best plan is"
        " known: their gaps are those to a lower bound. The difference is what the piece is worth:"
        " above 0 it helps. *Left out* counts customers who must be served and are not; of days,"
        " all visits left out."
    )
    parts: list[str] = []
    for (group, time_s), ours in by(runs, lambda run: (run.group, run.time_s)).items():
        parts += [f"## {group}, {time_s:g} s", ablation_table(ours)]
    return page("The engine `lns` without a piece", intro, parts)


def factorial_page(runs: Sequence[AblationRun], pieces: Mapping[str, str]) -> str:
    """What each piece is worth by runs with a random half of them off, by set and limit.

    Parameters
    ----------
    pieces
        The parameter that switches each off.
    """
    intro = (
        "Each run has a random half of the pieces off. By how much the gap, in percent, is larger"
        " without a piece than with it, by least squares over all runs with a mean for each"
        " instance; and the standard error. Above 0 the piece helps."
    )
    parts: list[str] = []
    for time_s, ours in by(runs, lambda run: run.time_s).items():
        parts += [f"## {time_s:g} s", factorial_table(ours, pieces)]
    return page("The engine `lns` with a half of its pieces", intro, parts)


def factorial_table(runs: Sequence[AblationRun], pieces: Mapping[str, str]) -> str:
    """A row for each piece; the last column is over all sets, and needs twice as many runs."""
    told = [each for each in runs if each.gap_pct is not None]
    sets = dict(by(told, lambda run: run.group))
    if len(sets) > 1:
        sets["all"] = told
    heads = [f"{name} ({len(ours)})" for name, ours in sets.items()]
    found = [_effects(ours, list(pieces.values())) for ours in sets.values()]
    rows = [
        (piece, *(NONE if each is None else "{:+.2f} ± {:.2f}".format(*each[at]) for each in found))
        for at, piece in enumerate(pieces)
    ]
    return table(("Piece", *heads), rows)


def _effects(
    runs: Sequence[AblationRun], switches: Sequence[str]
) -> list[tuple[float, float]] | None:
    """What the gap rises by without each, and its standard error; None with too few runs."""
    instances = {name: at for at, name in enumerate(by(runs, lambda run: run.instance))}
    here = np.zeros((len(runs), len(instances) + len(switches)))
    for row, run in enumerate(runs):
        here[row, instances[run.instance]] = 1
        here[row, len(instances) :] = [0.5 if name in run.parameters else -0.5 for name in switches]
    spare = len(runs) - here.shape[1]
    if spare <= 0 or np.linalg.matrix_rank(here) < here.shape[1]:
        return None
    gaps = np.array([run.gap_pct for run in runs], dtype=np.float64)
    worth, *_ = np.linalg.lstsq(here, gaps, rcond=None)
    variance = float(((gaps - here @ worth) ** 2).sum()) / spare
    errors = np.sqrt(variance * np.diag(np.linalg.inv(here.T @ here)))
    both = np.column_stack((worth, errors))[len(instances) :]
    return [(float(rise), float(error)) for rise, error in both]


def ablation_table(runs: Sequence[AblationRun]) -> str:
    """A row for each piece."""
    headings = (
        *("Piece", "Switched off by", "Runs", "With everything %", "Without %", "Difference"),
        *("Left out with", "Left out without"),
    )
    rows = []
    for piece, whole, lacking in ablation_pairs(runs):
        both = [
            (one.gap_pct, other.gap_pct)
            for one, other in zip(whole, lacking, strict=True)
            if one.gap_pct is not None and other.gap_pct is not None
        ]
        before, after = mean(pair[0] for pair in both), mean(pair[1] for pair in both)
        gain = None if before is None or after is None else after - before
        rows.append(
            (
                piece,
                ", ".join(f"`{name}={value}`" for name, value in lacking[0].parameters.items()),
                str(len(both)),
                number(before),
                number(after),
                NONE if gain is None else f"{gain:+.2f}",
                str(sum(run.unserved for run in whole)),
                str(sum(run.unserved for run in lacking)),
            )
        )
    return table(headings, rows, words=2)


def ablation_pairs(
    runs: Sequence[AblationRun],
) -> Iterator[tuple[str, list[AblationRun], list[AblationRun]]]:
    """For each piece the runs with everything, and those without it on the same seeds."""
    pieces = by(runs, lambda run: run.piece)
    whole = {(run.instance, run.seed): run for run in pieces.pop(EVERYTHING, [])}
    for piece, ours in pieces.items():
        lacking = [run for run in ours if (run.instance, run.seed) in whole]
        if lacking:
            yield piece, [whole[run.instance, run.seed] for run in lacking], lacking


def convergence_page(runs: Sequence[ConvergenceRun]) -> str:
    """Mean gaps after so many seconds, by set and engine."""
    intro = (
        "Mean gap in percent over the best-known cost after so many seconds, one run of each"
        " instance. A dash: not all instances had a plan that serves everybody by then."
    )
    return page("The gap over time", intro, [convergence_table(runs)] if runs else [])


def convergence_table(runs: Sequence[ConvergenceRun]) -> str:
    """A row for each set, engine and limit."""
    longest = max(run.time_s for run in runs)
    moments = [moment for moment in MOMENTS_S if moment < longest] + [longest]
    rows = []
    for key, ours in by(runs, lambda run: (run.group, run.engine, run.time_s)).items():
        group, engine, time_s = key
        cells = [
            number(mean_gap_at(ours, moment)) if moment <= time_s else NONE for moment in moments
        ]
        rows.append((group, f"`{engine}`", f"{time_s:g}", str(len(ours)), *cells))
    headings = ("Set", "Engine", "Limit s", "Instances", *(f"{at:g} s" for at in moments))
    return table(headings, rows, words=2)


def mean_gap_at(runs: Sequence[ConvergenceRun], moment_s: float) -> float | None:
    """The mean of the gaps at a moment; None as long as a run has none, or nothing to compare.

    At its limit a run is over, though it may have told of its end a little late.
    """
    gaps = []
    for run in runs:
        is_over = moment_s >= run.time_s
        reached = [gap for seconds, gap in run.points if is_over or seconds <= moment_s]
        if not reached:
            return None
        gaps.append(reached[-1])
    return mean(gaps)

"""Plots of what was measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, NullLocator

from measured import AblationRun, ConvergenceRun, DayRun, SetRun
from search_tables import ablation_pairs, mean_gap_at
from text_tables import by, mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACROSS = 2
PANEL = (5.6, 3.6)
"""Inches."""
DPI = 110
AROUND = 1.3
"""Room beside the first and the last moment of an axis, as a factor."""
SOONEST_S = 0.001
"""An axis that is logarithmic has no zero."""
ZERO: Mapping[str, Any] = {"color": "lightgrey", "linewidth": 0.8, "zorder": 0}
"""The best known: gaps may lie below it."""


def draw_sets(runs: Sequence[SetRun], picture: Path) -> None:
    """The mean gap by limit, a panel for each set; bars from the lowest to the highest seed.

    A mean over a part of the instances says over how many, since nobody was left out there only.
    """
    ran = [run for run in runs if not run.lacks]
    groups = by(ran, lambda run: run.group)
    figure, panels = _panels(list(groups))
    for axes, ours in zip(panels, groups.values(), strict=True):
        axes.set_ylabel("mean gap, %")
        _limits(axes, {run.time_s for run in ours})
        for at, (engine, of_engine) in enumerate(by(ours, lambda run: run.engine).items()):
            limits = sorted(by(of_engine, lambda run: run.time_s).items())
            points = [(limit, *_spread(same), _part_with_gap(same)) for limit, same in limits]
            known = [point for point in points if point[1] is not None]
            if known:
                times, means, below, above, parts = zip(*known, strict=True)
                look: Mapping[str, Any] = {"marker": "o", "capsize": 3, "color": f"C{at}"}
                axes.errorbar(times, means, [below, above], label=engine, **look)
                for place in zip(times, means, parts, strict=True):
                    axes.annotate(place[2], place[:2], (4, 4), textcoords="offset points")
        axes.axhline(0, **ZERO)
        if axes.get_legend_handles_labels()[0]:
            axes.legend()
    _save(figure, picture)


def _spread(runs: Sequence[SetRun]) -> tuple[float | None, float, float]:
    """The mean gap, and how far below and above it the seeds are."""
    middle = mean(run.gap_pct for run in runs)
    seeds = by(runs, lambda run: run.seed).values()
    means = [mean(run.gap_pct for run in of_seed) for of_seed in seeds]
    there = [gap for gap in means if gap is not None]
    if middle is None:
        return None, 0.0, 0.0
    return middle, max(0.0, middle - min(there)), max(0.0, max(there) - middle)


def _part_with_gap(runs: Sequence[SetRun]) -> str:
    """Nothing where every run has a gap."""
    compared = sum(1 for run in runs if run.gap_pct is not None)
    return "" if compared == len(runs) else f"{compared} of {len(runs)} runs"


def draw_ablation(runs: Sequence[AblationRun], picture: Path) -> None:
    """What each piece is worth, a panel for each set and limit."""
    groups = by(runs, lambda run: (run.group, run.time_s))
    worths: dict[str, dict[str, float]] = {}
    for (group, time_s), ours in groups.items():
        found: dict[str, float] = {}
        for piece, whole, lacking in ablation_pairs(ours):
            gain = mean(
                other.gap_pct - one.gap_pct
                for one, other in zip(whole, lacking, strict=True)
                if one.gap_pct is not None and other.gap_pct is not None
            )
            if gain is not None:
                found[piece] = gain
        if found:
            worths[f"{group}, {time_s:g} s"] = found
    figure, panels = _panels(list(worths))
    for axes, found in zip(panels, worths.values(), strict=True):
        pieces = sorted(found, key=found.__getitem__)
        axes.barh(pieces, [found[piece] for piece in pieces])
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_xlabel("worse without it by, points of gap")
    _save(figure, picture)


def draw_convergence(runs: Sequence[ConvergenceRun], picture: Path) -> None:
    """The gap over time: thin for each instance, thick for the mean of each engine."""
    groups = by((run for run in runs if run.points), lambda run: run.group)
    figure, panels = _panels(list(groups))
    for axes, ours in zip(panels, groups.values(), strict=True):
        axes.set(xlabel="seconds", ylabel="gap, %")
        first_s = min(run.points[0][0] for run in ours)
        _time_axis(axes, first_s, max(run.time_s for run in ours))
        engines = by(ours, lambda run: (run.engine, run.time_s)).items()
        for at, ((engine, time_s), same) in enumerate(engines):
            colour = f"C{at}"
            for run in same:
                last_s, last = run.points[-1]
                line = [*run.points, (max(time_s, last_s), last)]
                _stairs(axes, line, color=colour, linewidth=0.6, alpha=0.5)
            moments = sorted({second for run in same for second, _ in run.points} | {time_s})
            means = [(moment, mean_gap_at(same, moment)) for moment in moments]
            known = [(moment, gap) for moment, gap in means if gap is not None]
            _stairs(axes, known, color=colour, label=f"{engine}, mean of {len(same)}")
        axes.axhline(0, **ZERO)
        axes.legend()
    _save(figure, picture)


def _stairs(axes: Axes, line: Sequence[tuple[float, float]], **look: Any) -> None:
    """Each gap holds until the next."""
    seconds = [max(second, SOONEST_S) for second, _ in line]
    axes.step(seconds, [gap for _, gap in line], where="post", **look)


def draw_days(runs: Sequence[DayRun], picture: Path) -> None:
    """The cost by limit, a panel for each size, above the lower bound."""
    groups = by((run for run in runs if run.cost is not None), lambda run: run.size)
    figure, panels = _panels(list(groups))
    for axes, ours in zip(panels, groups.values(), strict=True):
        axes.set_ylabel(f"cost, {ours[0].currency}")
        _limits(axes, {run.time_s for run in ours})
        for engine, of_engine in by(ours, lambda run: run.engine).items():
            limits = sorted(by(of_engine, lambda run: run.time_s).items())
            costs = [mean(run.cost for run in same) or 0.0 for _, same in limits]
            axes.plot([limit for limit, _ in limits], costs, marker="o", label=engine)
        bound = mean(run.bound for run in ours)
        if bound is not None:
            axes.axhline(bound, color="grey", linestyle=":", label="no plan costs less")
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.legend()
    _save(figure, picture)


def _panels(titles: Sequence[str]) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each title."""
    down = max(1, -(-len(titles) // ACROSS))
    across = min(ACROSS, max(1, len(titles)))
    figure = Figure(figsize=(PANEL[0] * across, PANEL[1] * down), layout="constrained")
    panels = [
        figure.add_subplot(down, across, at, title=title) for at, title in enumerate(titles, 1)
    ]
    return figure, panels


def _limits(axes: Axes, limits: Collection[float]) -> None:
    """An axis with the limits that were run, and no others."""
    _time_axis(axes, min(limits), max(limits))
    axes.set_xlabel("limit, s")
    axes.set_xticks(sorted(limits), [f"{limit:g}" for limit in sorted(limits)])
    axes.xaxis.set_minor_locator(NullLocator())


def _time_axis(axes: Axes, first_s: float, last_s: float) -> None:
    """A logarithmic one; set before anything is drawn, since one moment alone gives no scale."""
    first_s = max(first_s, SOONEST_S)
    axes.set_xscale("log")
    axes.set_xlim(first_s / AROUND, last_s * AROUND)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if last_s < 100 * first_s else (1,)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())


def _save(figure: Figure, picture: Path) -> None:
    """Nothing to show makes no picture."""
    if figure.axes:
        figure.savefig(picture, dpi=DPI)

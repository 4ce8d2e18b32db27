"""Tables of engines and peers on published sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dispatch import texts
from measured import SetRun
from text_tables import NONE, between, by, cost, mean, number, page, table

_CLASS = re.compile(r"(RC|R|C)([12])_")
"""Of Gehring and Homberger: random, clustered or both; short (1) or long (2) horizon."""
TOGETHER = {"2": "C2, R2, RC2", "1": "C1, R1, RC1"}
"""Where customers are optional, a short horizon says little, so they are averaged apart."""


def sets_page(runs: Sequence[SetRun]) -> str:
    """Means by engine and limit, by class where a set has classes, and every instance."""
    intro = (
        "Gaps are percent over the best-known cost. An instance is *served* if every run of it"
        " leaves nobody out who must be served and keeps all rules; only such runs have a gap."
        " *Where all serve*: the mean over the instances on which each engine that was run has a"
        " gap with every seed."
    )
    parts: list[str] = []
    for group, ours in by(runs, lambda run: run.group).items():
        parts += [f"## {group}", reproduced(ours), means_table(ours), *declined(ours)]
        if classes := class_table(ours):
            parts += [f"### {group}, by class", classes]
        parts += [f"### {group}, by instance", instance_table(ours)]
    return page("Published sets", intro, parts)


def reproduced(runs: Sequence[SetRun]) -> str:
    """Of how many instances our checker reproduces the published cost."""
    instances = by(runs, lambda run: run.instance)
    agreed = sum(1 for ours in instances.values() if ours[0].best_known is not None)
    return f"Published costs reproduced: {agreed} of {len(instances)}."


def means_table(runs: Sequence[SetRun]) -> str:
    """A row for each engine and limit."""
    headings = (
        *("Engine", "Limit s", "Instances", "Served", "Seeds"),
        *("Mean gap %", "Seed means %", "Where all serve %"),
    )
    rows = []
    for (engine, time_s), ours in _ran(runs).items():
        seeds = by(ours, lambda run: run.seed)
        of_seeds = [mean(run.gap_pct for run in of_seed) for of_seed in seeds.values()]
        shared = _served_by_all(runs, time_s)
        rows.append(
            (
                f"`{engine}`",
                f"{time_s:g}",
                str(len(by(ours, lambda run: run.instance))),
                str(_served(ours)),
                str(len(seeds)),
                number(mean(run.gap_pct for run in ours)),
                between([gap for gap in of_seeds if gap is not None]),
                number(mean(run.gap_pct for run in ours if run.instance in shared)),
            )
        )
    return table(headings, rows)


def class_table(runs: Sequence[SetRun]) -> str:
    """A row for each class, engine and limit; empty where instances have no classes."""
    rows = []
    for horizon, together in TOGETHER.items():
        inside = [run for run in runs if _class_of(run).endswith(horizon)]
        classes = by(sorted(inside, key=_class_of), _class_of)
        for name, ours in (*classes.items(), (f"**{together}**", inside)):
            for (engine, time_s), same in _ran(ours).items():
                instances = str(len(by(same, lambda run: run.instance)))
                gap = number(mean(run.gap_pct for run in same))
                rows.append(
                    (name, f"`{engine}`", f"{time_s:g}", instances, str(_served(same)), gap)
                )
    headings = ("Class", "Engine", "Limit s", "Instances", "Served", "Mean gap %")
    return table(headings, rows, words=2) if rows else ""


def instance_table(runs: Sequence[SetRun]) -> str:
    """A row for each instance, a column for each engine and limit: the mean over the seeds."""
    columns = list(_ran(runs))
    headings = ("Instance", "Best known", *(f"`{name}` {time_s:g} s" for name, time_s in columns))
    rows = []
    for instance, ours in by(runs, lambda run: run.instance).items():
        known = by(ours, lambda run: (run.engine, run.time_s))
        cells = [_cell(known.get(column, [])) for column in columns]
        rows.append((instance, cost(ours[0].best_known), *cells))
    return table(headings, rows)


def declined(runs: Sequence[SetRun]) -> Iterator[str]:
    """A sentence for each engine that cannot express some instances."""
    total = len(by(runs, lambda run: run.instance))
    refused = by((run for run in runs if run.lacks), lambda run: run.engine)
    for engine, ours in refused.items():
        lacks = dict.fromkeys(feature for run in ours for feature in run.lacks)
        named = ", ".join(texts.say(f"bench.feature.{feature}", "en") for feature in lacks)
        instances = len(by(ours, lambda run: run.instance))
        yield f"`{engine}` was not run on {instances} of {total}: it cannot express {named}."


def _ran(runs: Sequence[SetRun]) -> dict[tuple[str, float], list[SetRun]]:
    """What was run, by engine and limit; shorter limits first."""
    ran = by((run for run in runs if not run.lacks), lambda run: (run.engine, run.time_s))
    return dict(sorted(ran.items(), key=lambda item: item[0][1]))


def _served(runs: Sequence[SetRun]) -> int:
    instances = by(runs, lambda run: run.instance).values()
    return sum(1 for ours in instances if all(run.is_whole for run in ours))


def _served_by_all(runs: Sequence[SetRun], time_s: float) -> set[str]:
    """Instances on which each engine that was run with this limit has a gap with every seed."""
    ran = [run for run in runs if run.time_s == time_s and not run.lacks]
    engines = len(by(ran, lambda run: run.engine))
    return {
        instance
        for instance, ours in by(ran, lambda run: run.instance).items()
        if len(by(ours, lambda run: run.engine)) == engines
        and all(run.gap_pct is not None for run in ours)
    }


def _class_of(run: SetRun) -> str:
    found = _CLASS.match(run.instance) if run.group.startswith(("vrptw", "pcvrptw")) else None
    return f"{found[1]}{found[2]}" if found else ""


def _cell(runs: Sequence[SetRun]) -> str:
    """The mean gap; else what is in its way."""
    if not runs:
        return NONE
    if runs[0].lacks:
        return "cannot"
    gaps = [run.gap_pct for run in runs if run.gap_pct is not None]
    if len(gaps) == len(runs):
        return number(mean(gaps))
    if gaps:
        return f"{number(mean(gaps))} ({len(gaps)} of {len(runs)})"
    if all(run.is_whole for run in runs):
        return f"cost {cost(mean(run.cost for run in runs))}"
    if all(run.cost is None for run in runs):
        return "no plan"
    if not all(run.verified for run in runs):
        return "breaks rules"
    return f"{max(run.unserved for run in runs)} left out"

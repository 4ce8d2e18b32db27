"""Tables of the service over a record of many jobs."""

from __future__ import annotations

from collections.abc import Sequence

from measured import RecordRun
from text_tables import number, page, table

INTRO = (
    "Each request is asked of a server over HTTP, on one connection that stays open, by somebody"
    " who is signed in. *SQL alone* is the same statements with the same parameters, in the same"
    " transactions, sent by psycopg without anything else. Both take turns in one run. *Ratio* is"
    " the median of the one to the median of the other."
)
SPLIT = (
    "Of a claim, the *route check* is seeing that the visit fits: travel times, compiling the"
    " route, trying every place of it. *The rest* is HTTP, signing in, rows and events."
)
MEMORY = (
    "*Memory* is the proportional set size (PSS) of the server's process after all of one kind was"
    " asked; *peak* is the most that was ever resident by then (RSS), what it shares with others"
    " included."
)


def record_page(runs: Sequence[RecordRun]) -> str:
    """What was asked both ways, where the time of a claim goes, and the memory of the server."""
    beside = [run for run in runs if run.bare_ms is not None]
    parts = [ratio_table(beside)]
    if split := [run for run in beside if run.check_ms is not None]:
        parts += [SPLIT, split_table(split)]
    jobs = max((run.jobs for run in runs), default=0)
    parts += ["## Memory", MEMORY, memory_table(runs)]
    return page(f"The record: {jobs:,} jobs stored", INTRO, parts)


def ratio_table(runs: Sequence[RecordRun]) -> str:
    """A row for each request."""
    headings = (
        *("Request", "Times", "Statements", "Transactions", "SQL alone ms", "p95"),
        *("Served ms", "p95", "Ratio"),
    )
    rows = [
        (
            run.what,
            str(run.times),
            str(run.statements),
            str(run.transactions),
            number(run.bare_ms, 1),
            number(run.bare_p95_ms, 1),
            number(run.served_ms, 1),
            number(run.served_p95_ms, 1),
            number(run.ratio, 1),
        )
        for run in runs
    ]
    return table(headings, rows)


def split_table(runs: Sequence[RecordRun]) -> str:
    """Where the time goes."""
    rows = [
        (
            run.what,
            number(run.bare_ms, 1),
            number(run.check_ms, 1),
            number(run.rest_ms, 1),
            number(run.ratio_without_check, 1),
        )
        for run in runs
    ]
    headings = ("Request", "SQL ms", "Route check ms", "The rest ms", "Ratio without the check")
    return table(headings, rows)


def memory_table(runs: Sequence[RecordRun]) -> str:
    """The server's after each kind of request."""
    rows = [
        (
            run.what,
            str(run.times),
            number(run.served_ms, 1),
            number(run.memory_mb, 0),
            number(run.peak_mb, 0),
        )
        for run in runs
    ]
    return table(("After", "Times", "Served ms", "Memory MB", "Peak MB"), rows)

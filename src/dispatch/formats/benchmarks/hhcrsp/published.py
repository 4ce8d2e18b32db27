"""Finds what was published for an instance: its solution files, and its row in a table of costs."""

from __future__ import annotations

from collections.abc import Sequence
from glob import escape
from pathlib import Path

from dispatch.formats.benchmarks.bounded import read_text


def solution_files(instance: Path) -> list[Path]:
    """Solutions beside an instance: ``sol-NAME-1234.json``, or ``sol_NAME_word.json``."""
    return sorted(instance.parent.glob(f"sol[-_]{escape(instance.stem)}[-_]*.json"))


def as_printed(cost: float) -> float:
    """The cost as the tables print it, with six significant digits."""
    return float(f"{cost:.6g}")


def stated_cost(instance: Path) -> float | None:
    """The ``total_cost`` of an instance in a ``*_best.md`` table beside its folder."""
    folders = (instance.parent, instance.parent.parent)
    tables = [table for folder in folders for table in sorted(folder.glob("*_best.md"))]
    found = (_cost_in(_cells(table), instance.name) for table in tables)
    return next((cost for cost in found if cost is not None), None)


def _cells(table: Path) -> list[list[str]]:
    lines = (line.strip() for line in read_text(table).splitlines())
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("|")]


def _cost_in(rows: Sequence[Sequence[str]], name: str) -> float | None:
    if not rows or "total_cost" not in rows[0]:
        return None
    column = rows[0].index("total_cost")
    for row in rows[1:]:
        if name in row and len(row) == len(rows[0]):
            try:
                return float(row[column])
            except ValueError:
                return None
    return None

"""Markdown tables, and the numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

NONE = "–"
Row = TypeVar("Row")
GroupT = TypeVar("GroupT", bound=Hashable)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """A Markdown table whose first ``words`` columns are words; the others are numbers."""
    rules = [" --- " if at < words else " ---: " for at in range(len(headings))]
    lines = [f"| {' | '.join(row)} |" for row in (headings, *rows)]
    return "\n".join([lines[0], f"|{'|'.join(rules)}|", *lines[1:]])


def page(title: str, intro: str, parts: Iterable[str]) -> str:
    """A page of Markdown: title, what is measured, and its parts."""
    return "\n\n".join([f"# {title}", intro, *parts]) + "\n"


def number(value: float | None, digits: int = 2) -> str:
    """With thousands apart; a dash for what is not there."""
    return NONE if value is None else f"{value:,.{digits}f}"


def cost(value: float | None) -> str:
    """Whole where it is whole, else with three digits."""
    if value is None:
        return NONE
    return number(value, 0) if value == round(value) else number(value, 3)


def between(values: Sequence[float]) -> str:
    """The lowest and the highest of several; one alone has no spread."""
    if len(values) < 2:
        return NONE
    return f"{min(values):.2f} to {max(values):.2f}"


def mean(values: Iterable[float | None]) -> float | None:
    """Of those that are there; None if none is."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def by(rows: Iterable[Row], group: Callable[[Row], GroupT]) -> dict[GroupT, list[Row]]:
    """Rows of the same group together, in the order in which the groups come first."""
    groups: dict[GroupT, list[Row]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append(row)
    return groups

"""What is shown while a day is being planned: the phase, the best cost so far and its curve."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from dispatch.cli.curve import draw
from dispatch.cli.terminal import Terminal
from dispatch.domain.plan import Progress
from dispatch.operations.plan_day import Phase
from dispatch.report import figures

WIDTH, HEIGHT = 60, 4
"""Of the curve, in characters."""
PER_SECOND = 8


class SolveView:
    """Redrawn by itself several times a second; told what happens."""

    def __init__(self, terminal: Terminal, currency: str, limit_s: float) -> None:
        self._terminal = terminal
        self._currency = currency
        self._limit_s = limit_s
        self._phase = ""
        self._part: float | None = None
        self._since = monotonic()
        self._steps: list[Progress] = []

    def phase(self, name: str, part: float | None = None) -> None:
        """What is being done, and how much of it is done where that is known."""
        if name != self._phase:
            self._phase = name
            self._since = monotonic()
            if not self._terminal.err.is_terminal:
                self._terminal.note(f"phase.{name}")
        self._part = part

    def step(self, step: Progress) -> None:
        """A better plan has been found."""
        self._steps.append(step)
        self._since = monotonic() - step.seconds

    def __rich__(self) -> RenderableType:
        line = Text(self._terminal.text(f"phase.{self._phase}") if self._phase else "")
        if self._phase != Phase.SOLVE or not self._steps:
            return line.append(f"  {figures.percent(self._part)}" if self._part else "")
        return Group(line.append(f"  {self._best()}"), *self._curve())

    def _best(self) -> str:
        best = self._steps[-1]
        return self._terminal.text(
            "solve.best",
            seconds=f"{self._now_s():.0f}",
            limit=f"{self._limit_s:.0f}",
            cost=figures.money(best.cost_minor, self._currency),
            currency=self._currency,
            unserved=best.unserved,
        )

    def _curve(self) -> Iterator[Text]:
        points = [(step.seconds, float(step.cost_minor)) for step in self._steps]
        width = min(WIDTH, self._terminal.err.width)
        lines = draw(
            points, width=width, height=HEIGHT, now=self._now_s(), until=max(self._limit_s, 0.1)
        )
        return (Text(line, style="cyan") for line in lines)

    def _now_s(self) -> float:
        """Into the solving; never before the last step that was told."""
        last = self._steps[-1].seconds if self._steps else 0.0
        return max(last, min(monotonic() - self._since, self._limit_s))


@contextmanager
def solve_view(
    terminal: Terminal, currency: str, limit_s: float
) -> Generator[SolveView, None, None]:
    """Show a view beside the answer while the block runs; on a terminal it then goes away."""
    view = SolveView(terminal, currency, limit_s)
    if not terminal.err.is_terminal:
        yield view
        return
    with Live(view, console=terminal.err, refresh_per_second=PER_SECOND, transient=True):
        yield view

"""How a benchmark is doing: a line for each finished run, and on a terminal a bar below them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dispatch.bench.outcome import Outcome
from dispatch.bench.progress import BenchProgress
from dispatch.cli.figures import shown
from dispatch.cli.terminal import Terminal


@contextmanager
def bench_progress(terminal: Terminal) -> Generator[Callable[[BenchProgress], None], None, None]:
    """Beside the answer; the bar is gone when all is done."""
    columns = (
        MofNCompleteColumn(),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    hidden = not terminal.err.is_terminal
    told: list[Outcome] = []
    with Progress(*columns, console=terminal.err, transient=True, disable=hidden) as progress:
        task = progress.add_task("", total=None)

        def update(stage: BenchProgress) -> None:
            under_way = f"{stage.set} {stage.instance} {stage.engine} {stage.seed}"
            progress.update(task, completed=stage.done, total=stage.total, description=under_way)
            if stage.last is not None and stage.last.outcome not in told[-1:]:
                told.append(stage.last.outcome)
                _tell(terminal, stage.last.outcome)

        yield update


def _tell(terminal: Terminal, outcome: Outcome) -> None:
    terminal.note(
        "bench.ran",
        set=outcome.set,
        instance=outcome.instance,
        engine=outcome.engine,
        seed=outcome.seed,
        cost=shown(outcome.cost, terminal.lang),
        gap=shown(outcome.gap_pct, terminal.lang),
        unserved=outcome.unserved,
        seconds=f"{outcome.seconds:.1f}",
    )

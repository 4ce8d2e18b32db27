"""A bar for work whose end is known: on a terminal, beside the answer, gone when it is done."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from dispatch.cli.terminal import Terminal


@contextmanager
def bar(terminal: Terminal, key: str) -> Generator[Callable[[float], None], None, None]:
    """Show a bar under a sentence; the answer takes the part done, 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    shown = terminal.err.is_terminal
    with Progress(*columns, console=terminal.err, transient=True, disable=not shown) as progress:
        task = progress.add_task(terminal.text(key), total=1.0)
        yield lambda done: progress.update(task, completed=done)

"""Makes runs one after another, or several at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from run_store import RunStore, RunT, Trial


def make_and_show(
    trials: Sequence[Trial[RunT]],
    part: str,
    kind: type[RunT],
    *,
    page: Callable[[Sequence[RunT]], str],
    draw: Callable[[Sequence[RunT], Path], None] | None = None,
    workers: int,
    out: Path,
) -> list[Path]:
    """Make the runs of a part that are missing; write its page and plot, however that ends.

    Returns
    -------
    list of Path
        What was written, of all runs that stand in ``out``.
    """
    store = RunStore(out / f"{part}.jsonl", kind)
    text, plot = out / f"{part}.md", out / f"{part}.png"
    try:
        make(trials, store, workers)
    finally:
        text.write_text(page(store.runs), "utf-8")
        if draw is not None:
            draw(store.runs, plot)
    return [text] if draw is None else [text, plot]


def make(trials: Sequence[Trial[RunT]], store: RunStore[RunT], workers: int) -> None:
    """Make the runs that are missing, and keep and tell each as it ends."""
    missing = store.missing(trials)
    if len(missing) < len(trials):
        print(f"{len(trials) - len(missing)} runs are there already", flush=True)
    for count, run in enumerate(_made(missing, workers), start=1):
        store.add(run)
        print(f"{count}/{len(missing)} {run.line}", flush=True)


def _made(trials: Sequence[Trial[RunT]], workers: int) -> Iterator[RunT]:
    if workers == 1:
        for trial in trials:
            yield trial.run()
        return
    # Processes, not threads: the child that solves dies with the thread that started it. Ctrl-C
    # ends them at once, instead of the run that each is at.
    executor = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        for future in as_completed([executor.submit(trial.run) for trial in trials]):
            yield future.result()
    finally:
        executor.shutdown(cancel_futures=True)

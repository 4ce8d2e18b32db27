"""Runs that have been made already, one JSON line each, so that nothing is run twice."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from measured import Key, Measured

RunT = TypeVar("RunT", bound=Measured)
RunT_co = TypeVar("RunT_co", bound=Measured, covariant=True)


class Trial(Protocol[RunT_co]):
    """A run to be made."""

    @property
    def key(self) -> Key:
        """That of its record."""
        ...

    def run(self) -> RunT_co:
        """Make it."""
        ...


class RunStore(Generic[RunT]):
    """The runs of one part. A new one is on disk as soon as it has been added."""

    def __init__(self, path: Path, kind: type[RunT]) -> None:
        self._path = path
        self._runs: dict[Key, RunT] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        for record in _whole_lines(path):
            run = _read(kind, record, path)
            self._runs[run.key] = run

    @property
    def runs(self) -> list[RunT]:
        """All of them, in the order in which they were made."""
        return list(self._runs.values())

    def missing(self, trials: Iterable[Trial[RunT]]) -> list[Trial[RunT]]:
        """Those that have not been made yet."""
        return [trial for trial in trials if trial.key not in self._runs]

    def add(self, run: RunT) -> None:
        """Keep a run."""
        self._runs[run.key] = run
        record: Any = run  # each kind is a dataclass, which a protocol cannot say
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(asdict(record))}\n")


def forget(path: Path, engines: Collection[str]) -> None:
    """Drop the runs of these engines from a file; all runs, if no engine is named."""
    kept = [record for record in _whole_lines(path) if engines and record["engine"] not in engines]
    if path.exists():
        path.write_text("".join(f"{json.dumps(record)}\n" for record in kept), "utf-8")


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a file; half a line, from a run that was killed while it wrote, is cut."""
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, "utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def _read(kind: type[RunT], record: dict[str, Any], path: Path) -> RunT:
    try:
        return kind(**record)
    except TypeError as error:
        cure = "Another version wrote it: take another --out"
        raise SystemExit(f"{path}: {error}. {cure}.") from None

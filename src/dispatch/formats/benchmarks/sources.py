"""Finds benchmark instances among files, and reads each with the reader of its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.benchmarks.bounded import read_text
from dispatch.formats.benchmarks.hhcrsp import reader as hhcrsp
from dispatch.formats.benchmarks.hhcrsp.instance import HhcrspInstance
from dispatch.formats.benchmarks.instance import BenchmarkInstance
from dispatch.formats.benchmarks.vrplib import reader as vrplib
from dispatch.formats.benchmarks.vrplib.instance import VrplibInstance
from dispatch.formats.benchmarks.vrplib.lines import has_kind

Format: TypeAlias = Literal["hhcrsp", "vrplib"]
Instance: TypeAlias = BenchmarkInstance[Any]
"""Of any format: its solutions go in and out of its own methods only."""


def find_instances(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Every instance file among files and, recursively, in folders; solutions are passed over.

    Raises
    ------
    InvalidInput
        A path does not exist, a named file is no instance, or there is none at all.
    """
    found: dict[Path, None] = {}
    findings: list[Finding] = []
    for path in paths:
        instances = tuple(_instances_at(path))
        found.update(dict.fromkeys(instances))
        if not instances:
            reason = "empty" if path.is_dir() else "unknown" if path.exists() else "missing"
            findings.append(Finding(f"bench.path.{reason}", Place(file=str(path))))
    if findings:
        raise InvalidInput(findings)
    return tuple(found)


def recognise(path: Path) -> Format | None:
    """The format of an instance file; None for solutions and everything else.

    Raises
    ------
    InvalidInput
        The file cannot be read as text.
    """
    if path.suffix not in (".json", ".vrp") or not path.is_file():
        return None
    text = read_text(path)
    if path.suffix == ".vrp":
        return "vrplib" if has_kind(text) else None
    # By its words, so that a file with a syntax error is still read, and its error told.
    return "hhcrsp" if '"patients"' in text and '"caregivers"' in text else None


def read_instance(path: Path) -> Instance:
    """Read an instance of any format.

    Raises
    ------
    InvalidInput
        The file is no instance, or a faulty one; every problem is listed.
    """
    match recognise(path):
        case "hhcrsp":
            return HhcrspInstance(path, hhcrsp.read_instance(path))
        case "vrplib":
            return VrplibInstance(path, vrplib.read_instance(path))
        case None:
            raise InvalidInput([Finding("bench.path.unknown", Place(file=str(path)))])


def _instances_at(path: Path) -> Iterator[Path]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        yield from (file for file in files if _is_instance(file))
    elif recognise(path) is not None:
        yield path


def _is_instance(file: Path) -> bool:
    try:
        return recognise(file) is not None
    except InvalidInput:  # a folder may hold anything; a file that is named must be readable
        return False

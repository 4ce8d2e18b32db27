"""Solution files that lie in a folder, checked by the set's own checker."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch.errors import InvalidInput
from published import Case, cases
from text_tables import cost, number, page, table

HEADINGS = ("Instance", "File", "Published", "Cost", "Gap %", "Unserved", "Rules kept")


def check_solutions(paths: Sequence[Path], folder: Path, *, out: Path) -> tuple[list[Path], bool]:
    """Check ``folder/SET/INSTANCE-*`` for each instance at ``paths``.

    Returns
    -------
    list of Path, bool
        The page, and whether there are files, all of which can be read, keep every rule and serve
        everybody.

    Raises
    ------
    InvalidInput
        A path holds no instance.
    """
    rows, fine = [], True
    for case in cases(paths):
        for file in _files(case, folder):
            row, good = _checked(case, file)
            rows.append(row)
            fine = fine and good
    if not rows:
        print(f"no file SET/INSTANCE-* under {folder} is of these instances", file=sys.stderr)
        return [], False
    out.mkdir(parents=True, exist_ok=True)
    written = out / "check.md"
    intro = f"Every solution file under `{folder}`, recomputed from its instance alone."
    written.write_text(page("Solution files", intro, [table(HEADINGS, rows, words=2)]), "utf-8")
    return [written], fine


def _files(case: Case, folder: Path) -> list[Path]:
    suffix = case.instance.solution_suffix
    return sorted((folder / case.instance.set_name).glob(f"{case.instance.name}-*{suffix}"))


def _checked(case: Case, file: Path) -> tuple[tuple[str, ...], bool]:
    name, published = case.instance.name, cost(case.published.cost)
    try:
        checked = case.instance.check(case.instance.read_solution(file))
    except InvalidInput as error:
        print(error, file=sys.stderr)
        return (name, file.name, published, *[number(None)] * 3, "no"), False
    row = (
        name,
        file.name,
        published,
        cost(checked.cost),
        number(case.gap_pct(checked)),
        str(len(checked.unserved)),
        "yes" if checked.verified else "no",
    )
    return row, checked.verified and not checked.unserved

"""What a command prints: sentences, tables, findings, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from dispatch import texts
from dispatch.cli.figures import Cell, is_number, shown
from dispatch.errors import Finding

PIPE_WIDTH = 100_000
"""Nothing is wrapped or cut where another program reads."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Standard output for answers, standard error for all that is said beside them."""

    lang: str
    out: Console
    err: Console

    @classmethod
    def open(cls, lang: str) -> Terminal:
        """The streams of this process."""
        return cls(lang, _console(sys.stdout), _console(sys.stderr))

    @classmethod
    def of(cls, context: typer.Context) -> Terminal:
        """The one that the root command opened."""
        terminal = context.find_root().obj
        assert isinstance(terminal, Terminal)  # noqa: S101 - narrows a type
        return terminal

    def text(self, key: str, /, **values: object) -> str:
        """A sentence of the command line."""
        return texts.say(f"cli.{key}", self.lang, **values)

    def say(self, key: str, /, **values: object) -> None:
        """Print a sentence of the answer."""
        self.out.print(Text(self.text(key, **values)))

    def note(self, key: str, /, **values: object) -> None:
        """Print a sentence beside the answer."""
        self.err.print(Text(self.text(key, **values), style="dim"))

    def working(self, key: str) -> Status:
        """Say, for as long as the block runs, what is being done; on a terminal only."""
        return self.err.status(Text(self.text(key)))

    def headings(self, *names: str) -> tuple[str, ...]:
        """The headings of columns."""
        return tuple(self.text(f"column.{name}") for name in names)

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        right: Collection[int] = (),
    ) -> None:
        """Print a table; columns of numbers, and those named by index, stand on the right."""
        table = Table(box=SIMPLE_HEAD if self.out.is_terminal else None, pad_edge=False)
        for index, heading in enumerate(headings):
            numeric = index in right or (bool(rows) and all(is_number(row[index]) for row in rows))
            table.add_column(
                Text(heading),
                justify="right" if numeric else "left",
                no_wrap=numeric,
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(shown(cell, self.lang)) for cell in row))
        self._print_table(table)

    def _print_table(self, table: Table) -> None:
        """On a terminal as it is; elsewhere without blanks at the ends of lines."""
        if self.out.is_terminal:
            self.out.print(table)
            return
        with self.out.capture() as captured:
            self.out.print(table)
        lines = captured.get().splitlines()
        self.out.file.writelines(f"{line.rstrip()}\n" for line in lines)

    def json(self, value: object) -> None:
        """Print a value as JSON, the only thing on standard output."""
        # JSON has its own spelling for what an encoding other than UTF-8 may lack.
        plain = self.out.encoding != "utf-8"
        text = json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False)
        self.out.file.write(f"{text}\n")

    def findings(self, findings: Sequence[Finding], *, beside: bool = False) -> None:
        """Print findings as a list: code and place, cause, cure."""
        console = self.err if beside else self.out
        for finding in findings:
            style = "bold red" if finding.severity == "error" else "bold yellow"
            place = finding.place.said(self.lang)
            line = Text(finding.code, style=style)
            console.print(line.append(f"  {place}", style="default") if place else line)
            console.print(Text(f"  {finding.cause(self.lang)}"))
            console.print(Text(f"  {finding.cure(self.lang)}", style="dim"))

    def failure(self, findings: Sequence[Finding], *, as_json: bool) -> None:
        """Say why a command failed."""
        if as_json:
            self.json({"findings": [finding_json(finding, self.lang) for finding in findings]})
        else:
            self.findings(findings, beside=True)


def finding_json(finding: Finding, lang: str) -> Mapping[str, object]:
    """A finding as JSON: what a program needs, and the sentences for people."""
    place = finding.place
    named = {
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "pointer": place.pointer,
    }
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": {name: value for name, value in named.items() if value is not None},
        "values": dict(finding.values),
        "cause": finding.cause(lang),
        "cure": finding.cure(lang),
    }


def _console(stream: TextIO) -> Console:
    terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=terminal,
        width=None if terminal else PIPE_WIDTH,
        highlight=False,
        soft_wrap=not terminal,
        emoji=False,
        markup=False,
    )

"""Splits a VRPLIB file into its headers and sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from dispatch.errors import Finding, InvalidInput, Place, Value
from dispatch.formats.benchmarks.bounded import read_text

LARGEST_NUMBER = 1e9

Row: TypeAlias = tuple[int, list[str]]
"""Line number, counted from 1, and the words of the line."""


@dataclass(slots=True)
class VrplibLines:
    """The lines of one file, and what was found wrong with them so far."""

    file: str
    headers: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, code: str, line: int | None = None, **values: Value) -> None:
        """Note what is wrong at a line."""
        self.findings.append(Finding(code, Place(file=self.file, row=line), values))

    def refuse_if_wrong(self) -> None:
        """Raise everything that was found.

        Raises
        ------
        InvalidInput
            Something was wrong.
        """
        if self.findings:
            raise InvalidInput(self.findings)

    def header(self, name: str) -> float | None:
        """The number in a header; None where there is no such header."""
        if name not in self.headers:
            return None
        line, text = self.headers[name]
        return self.number(text, line)

    def column(self, section: str, count: int, width: int = 1) -> list[list[float]]:
        """The numbers of a section with rows ``1 ..``, ``2 ..`` up to ``count``.

        A row is left full of zeros where it is wrong.
        """
        rows = self.sections.get(section)
        if rows is None:
            self.wrong("bench.vrplib.section.missing", name=section)
            rows = []
        elif len(rows) != count:
            self.wrong("bench.vrplib.section.rows", name=section, count=len(rows), expected=count)
        values = [[0.0] * width for _ in range(count)]
        for expected, (line, words) in enumerate(rows[:count], start=1):
            if len(words) != width + 1 or words[0] != str(expected):
                self.wrong("bench.vrplib.row", line, name=section, expected=expected, width=width)
            else:
                values[expected - 1] = [self.number(word, line) for word in words[1:]]
        return values

    def number(self, word: str, line: int) -> float:
        """A finite number of bounded size; 0 where it is none."""
        try:
            found = float(word)
        except ValueError:
            found = float("nan")
        if not -LARGEST_NUMBER <= found <= LARGEST_NUMBER:
            self.wrong("bench.vrplib.number", line, value=word[:24], most=LARGEST_NUMBER)
            return 0.0
        return found

    def index(self, word: str, line: int, most: int) -> int:
        """A number from 1 to ``most``; 1 where it is none."""
        if word.isascii() and word.isdigit() and len(word) < 10 and 1 <= int(word) <= most:
            return int(word)
        self.wrong("bench.vrplib.index", line, value=word[:24], most=most)
        return 1


def read_lines(path: Path) -> VrplibLines:
    """Split a file.

    Raises
    ------
    InvalidInput
        The file cannot be read as text.
    """
    lines = VrplibLines(str(path))
    section: list[Row] | None = None
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        text = line.strip()
        if not text or text == "EOF":
            continue
        if text.endswith("_SECTION"):
            section = lines.sections.setdefault(text, [])
        elif section is not None:
            section.append((number, text.split()))
        elif ":" in text:
            name, _, entry = text.partition(":")
            lines.headers[name.strip()] = (number, entry.strip())
        else:
            lines.wrong("bench.vrplib.line", number, text=text[:40])
    return lines


def has_kind(text: str) -> bool:
    """Whether a file says which kind of instance it is, known or not."""
    return any(line.partition(":")[0].strip() == "TYPE" for line in text.splitlines()[:100])

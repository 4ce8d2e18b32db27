"""What can go wrong, said so that it can be mended.

A :class:`Finding` is one thing that is wrong or doubtful in the input: a stable code, the
place, and the values that the sentence needs. The sentences themselves (cause and cure, in each
language) stand in :mod:`dispatch.texts`, under the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dispatch import texts

Value: TypeAlias = str | int | float
Severity: TypeAlias = Literal["error", "warning"]
"""An error refuses the input; a warning is shown and lets it pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in what was given: a file, and a cell or a JSON pointer (RFC 6901)."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    """1-based, as a spreadsheet shows it."""
    column: str | None = None
    """The column's heading."""
    pointer: str | None = None

    def said(self, lang: str = "en") -> str:
        """From the file down to the cell; empty where nothing is known."""
        cell = texts.say("place.row", lang, row=self.row) if self.row is not None else None
        parts = (self.file, self.sheet, cell, self.column, self.pointer)
        return ": ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.said()


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful in the input.

    ``code`` is stable and documented, for example ``job.window.reversed``; ``values`` fill the
    placeholders of the code's sentences.
    """

    code: str
    place: Place = NOWHERE
    values: Mapping[str, Value] = field(default_factory=dict)
    severity: Severity = "error"

    def cause(self, lang: str = "en") -> str:
        """What is wrong, as a sentence."""
        return texts.say(f"{self.code}.cause", lang, **self.values)

    def cure(self, lang: str = "en") -> str:
        """What to do about it, as a sentence."""
        return texts.say(f"{self.code}.cure", lang, **self.values)

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        return f"{where}{self.code}: {self.cause()} {self.cure()}"


class DispatchError(Exception):
    """The base of every error that this package raises on purpose."""


class InvalidInput(DispatchError):
    """The input was refused; every finding is listed, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class Coded(DispatchError):
    """An error with a stable code; ``code`` and ``values`` are those of a finding."""

    def __init__(self, code: str, **values: Value) -> None:
        self.code = code
        self.values = values
        super().__init__(str(self.finding()))

    def finding(self, place: Place = NOWHERE) -> Finding:
        """The same as a finding at a place."""
        return Finding(self.code, place, self.values)


class InvalidValue(Coded, ValueError):
    """A value object was given a value it cannot hold."""

    def __str__(self) -> str:
        return self.finding().cause()


class Unavailable(Coded):
    """Something outside (a routing server, a file, a child process) did not answer as it should."""


class Refused(Coded):
    """A rule of the business says no; nothing was changed."""


class Missing(Coded):
    """There is no such thing, or not for whoever asks."""


class Stale(Coded):
    """Somebody else has changed it since it was read; nothing was changed.

    Where it is known, ``version`` among the values is the one that it has now.
    """


class Unauthenticated(Coded):
    """Nobody knows who asks."""


class Denied(Coded):
    """Who asks may not do this."""

"""Gathers what is wrong, so that all of it is said at once."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.errors import Finding, InvalidInput, InvalidValue, Place, Value

MOST_FINDINGS = 1_000
"""Nobody reads more; the last one says how many there were."""


class Findings:
    """What was found wrong so far."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._found: list[Finding] = []
        self._more = 0

    def add(self, code: str, place: Place, **values: Value) -> None:
        """Note one thing."""
        if len(self._found) < MOST_FINDINGS:
            self._found.append(Finding(code, place, values))
        else:
            self._more += 1

    def refused(self, error: InvalidValue, place: Place) -> None:
        """Note that a value was refused."""
        self.add(error.code, place, **error.values)

    def raise_if_any(self) -> None:
        """Refuse the input if anything is wrong with it.

        Raises
        ------
        InvalidInput
            Everything that was noted.
        """
        if self._more:
            more = Finding("table.more", Place(file=self._file), {"count": self._more})
            self._found.append(more)
        if self._found:
            raise InvalidInput(_by_place(self._found))


def _by_place(found: Sequence[Finding]) -> list[Finding]:
    """Sheet by sheet in the order in which they were first spoken of, each from top to bottom."""
    sheets = list(dict.fromkeys((finding.place.file, finding.place.sheet) for finding in found))
    order = {sheet: index for index, sheet in enumerate(sheets)}
    return sorted(
        found,
        key=lambda finding: (
            finding.code == "table.more",
            order[finding.place.file, finding.place.sheet],
            finding.place.row or 0,
        ),
    )

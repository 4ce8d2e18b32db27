"""What is wrong or doubtful in a day, before anything is solved: all of it at once."""

from __future__ import annotations

from dispatch.domain.day import Day
from dispatch.errors import Finding, InvalidInput
from dispatch.planning.check.certificates import expiring
from dispatch.planning.check.cycles import cycles
from dispatch.planning.check.duplicates import duplicates
from dispatch.planning.check.feasibility import impossible
from dispatch.planning.check.pins import contradictory_pins, impossible_pins
from dispatch.planning.check.references import unknown_references
from dispatch.planning.check.shifts import doubtful_shifts
from dispatch.planning.check.speeds import clashing_speeds
from dispatch.planning.check.windows import outside_windows

_ALWAYS = (
    duplicates,
    unknown_references,
    doubtful_shifts,
    outside_windows,
    impossible_pins,
    clashing_speeds,
    expiring,
)
_REFERENCES_SOUND = (cycles, contradictory_pins, impossible)
"""These follow references, so they look only at a day in which each leads somewhere."""


def check_day(day: Day) -> tuple[Finding, ...]:
    """Every contradiction between the parts of a day, with its JSON pointer.

    Returns
    -------
    tuple[Finding, ...]
        An error refuses the day. A warning lets it pass; a job that nobody can ever do is one,
        since leaving it out is an answer.
    """
    findings = [finding for check in _ALWAYS for finding in check(day)]
    if not any(finding.severity == "error" for finding in findings):
        findings += [finding for check in _REFERENCES_SOUND for finding in check(day)]
    return tuple(findings)


def accept_day(day: Day) -> tuple[Finding, ...]:
    """The warnings about a day that may be used.

    Raises
    ------
    InvalidInput
        Every error in it.
    """
    findings = check_day(day)
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise InvalidInput(errors)
    return findings


__all__ = ["accept_day", "check_day"]

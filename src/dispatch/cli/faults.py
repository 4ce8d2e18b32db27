"""What the checker found, as findings of the report and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch import texts
from dispatch.cli.terminal import Terminal
from dispatch.errors import Finding, Place
from dispatch.planning.verify import Fault, Verification


@dataclass(frozen=True, slots=True)
class FaultFinding(Finding):
    """A fault, said as a finding is: with a place, a cause and a cure."""

    fault: Fault | None = None

    def cause(self, lang: str = "en") -> str:
        """The rule that is broken, and by how much."""
        return self.fault.sentence(lang) if self.fault else ""

    def cure(self, lang: str = "en") -> str:
        """The same for every fault: the plan is not to be used."""
        return texts.say("cli.verify.advice", lang)


def fault_findings(verification: Verification) -> Sequence[Finding]:
    """A finding for each fault."""
    return [
        FaultFinding(f"fault.{fault.code}", Place(pointer=fault.where or None), fault=fault)
        for fault in verification.faults
    ]


def fault_json(fault: Fault, lang: str) -> Mapping[str, object]:
    """A fault for a program, and its sentence for people."""
    return {
        "code": fault.code,
        "technician": fault.technician,
        "shift": fault.shift,
        "job": fault.job,
        "values": dict(fault.values),
        "sentence": fault.sentence(lang),
    }


def print_faults(terminal: Terminal, verification: Verification, travel: str) -> None:
    """Every fault, then the verdict."""
    terminal.findings(fault_findings(verification))
    verdict = "verify.agrees" if verification.ok else "verify.faults"
    terminal.say(verdict, count=len(verification.faults), travel=travel)

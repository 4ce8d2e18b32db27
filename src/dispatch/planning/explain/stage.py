"""How far a technician came on the way to a job, and the one line that sums a job up."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """What stopped them; a later one is nearer to doing the job."""

    NOT_WORKING = 0
    NOT_WANTED = 1
    NOT_SKILLED = 2
    NOT_THEIR_AREA = 3
    NO_PARTS = 4
    NOT_THERE_IN_TIME = 5
    TOO_FAR = 6
    TOO_BUSY = 7
    TOO_DEAR = 8
    POSSIBLE = 9


_BY_PREFIX = {
    "shift": Stage.NOT_WORKING,
    "pin": Stage.NOT_WANTED,
    "technician": Stage.NOT_WANTED,
    "skill": Stage.NOT_SKILLED,
    "territory": Stage.NOT_THEIR_AREA,
    "parts": Stage.NO_PARTS,
    "window": Stage.NOT_THERE_IN_TIME,
    "duration": Stage.NOT_THERE_IN_TIME,
    "travel": Stage.TOO_FAR,
    "route": Stage.TOO_BUSY,
    "cost": Stage.TOO_DEAR,
    "free": Stage.POSSIBLE,
    "possible": Stage.POSSIBLE,
}

SUMMARIES = {
    Stage.NOT_WORKING: "job.nobody-works",
    Stage.NOT_WANTED: "job.held",
    Stage.NOT_SKILLED: "job.skill",
    Stage.NOT_THEIR_AREA: "job.area",
    Stage.NO_PARTS: "job.parts",
    Stage.NOT_THERE_IN_TIME: "job.time",
    Stage.TOO_FAR: "job.far",
    Stage.TOO_BUSY: "job.busy",
    Stage.TOO_DEAR: "job.worth",
    Stage.POSSIBLE: "job.possible",
}
"""The reason that sums a job up, by the furthest that anybody came."""


def stage_of(code: str) -> Stage:
    """The stage of a technician's reason."""
    return _BY_PREFIX[code.partition(".")[0]]

"""A plan as a JSON file: ``{"format": "dispatch.plan", "version": 1, ...}``.

The fields are those of :class:`dispatch.domain.plan.Plan`. Published as
``schemas/plan-1.schema.json``. Reading checks types and times only: whether the plan keeps the
rules of its day, :func:`dispatch.planning.verify.verify` finds out.
"""

from __future__ import annotations

import json
from pathlib import Path

from dispatch.domain.plan import Plan
from dispatch.formats.files import Source, write_atomically
from dispatch.formats.json_values import JsonFormat

PLAN_JSON = JsonFormat("dispatch.plan", 1, Plan)


def read_plan(source: Source, *, file: str | None = None) -> Plan:
    """The plan in a JSON file.

    Parameters
    ----------
    source
        The file's path, or its content.
    file
        How findings name the file; without it, its path.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it, each with its JSON pointer.
    """
    return PLAN_JSON.read(source, file)


def plan_json(plan: Plan) -> bytes:
    """The plan as JSON: the same bytes for the same plan."""
    return json.dumps(PLAN_JSON.document(plan), ensure_ascii=False, indent=1).encode() + b"\n"


def write_plan(plan: Plan, path: Path) -> None:
    """Write the plan to a JSON file, all or nothing.

    Raises
    ------
    Unavailable
        ``file.unwritable``.
    """
    write_atomically(path, plan_json(plan))

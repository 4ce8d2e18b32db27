"""For every route that names something a body that can be granted."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from tests.api.furnished import DAY
from tests.api.outlets import World


def body(name: str, world: World) -> Any:
    """The example of the description, with things of one's own outlet where it names any."""
    technician = world.here.things["technician"]
    named: dict[str, Any] = {
        "assets.change": {"site": "A-site", "product": "Boiler"},
        "jobs.edit": {"job": {"id": "A-free", "type": "repair", "site": "A-site"}},
        "own.charge": {"text": "Pipe", "unit_minor": 700},
        "own.lead_claim": {"technician": technician},
        "outlets.change": {"name": "x", "parent": world.here.id},
        "sites.change": {"id": "A-site", "lat": 0.0, "lon": 0.05},
        "visits.assign": {"technician": technician, "day": DAY},
        "visits.transfer": {"reason": "x", "to": technician},
    }
    if name in named:
        return named[name]
    examples = json.loads(files("dispatch.api").joinpath("examples.json").read_text("utf-8"))
    return examples[name].get("body", {})

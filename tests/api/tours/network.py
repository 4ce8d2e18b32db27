"""Outlets, territories, skills."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.tours.asking import Tour
from tests.operations.boards import two_technicians

from dispatch.formats.day_json import DAY_JSON
from dispatch.formats.exports.workbook import MEDIA as XLSX
from dispatch.formats.tables import write_tables

RUSH = {"start": "07:30", "end": "09:00", "percent": 70}


def set_up(asked: Tour) -> None:
    """The network as it begins."""
    for name in ("health.live", "health.ready", "health.metrics", "me"):
        asked.ask(name)
    day = DAY_JSON.document(two_technicians())
    asked.ask("imports.create", day)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "day.xlsx"
        write_tables(two_technicians(), path)
        asked.send("imports.tables", path.read_bytes(), XLSX)
    seen = asked.ask("organisation.read")
    dearer = {"policy": {"wage_minor_per_h": 3_200}, "speeds": [RUSH]}
    asked.ask("organisation.change", dearer, see=seen["version"])
    top = asked.ask("outlets.list")["items"][0]["id"]
    made = asked.ask("outlets.create", {"id": "harbour", "name": "Harbour", "parent": top})
    north = {"name": "Harbour North", "parent": top, "lat": 0.01, "lon": 0.02}
    changed = asked.ask("outlets.change", north, outlet=made["id"], see=made["version"])
    asked.ask("outlets.read", outlet=changed["id"])
    asked.ask("outlets.close", {"why": "The lease has ended."}, outlet=made["id"])
    asked.ask("outlets.reopen", outlet=made["id"])
    bay = asked.ask("territories.create", {"id": "bay", "name": "Bay"})
    asked.ask("territories.change", {"name": "The Bay"}, territory=bay["id"], see=1)
    asked.ask("territories.read", territory=bay["id"])
    asked.ask("territories.list")
    weld = asked.ask("skills.create", {"id": "weld", "name": "Welding"})
    asked.ask("skills.change", {"name": "Welding, all metals"}, skill_id=weld["id"], see=1)
    asked.ask("skills.retire", {"why": "Nobody welds any more."}, skill_id=weld["id"])
    asked.ask("skills.restore", skill_id=weld["id"])
    asked.ask("skills.read", skill_id=weld["id"])
    asked.ask("skills.list")

"""Small published sets to run on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.formats.benchmarks.instances import CARE, CARE_PLAN, ROUTING, ROUTING_PLAN


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with one instance of each format and its best-known solution."""
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / "care.json").write_text(json.dumps(CARE))
    (folder / "sol-care-1.json").write_text(json.dumps(CARE_PLAN))
    (folder / "TINY.vrp").write_text(ROUTING)
    (folder / "TINY.sol").write_text(ROUTING_PLAN)
    return folder

"""The small instances as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.formats.benchmarks.instances import CARE, ROUTING


@pytest.fixture
def care_file(tmp_path: Path) -> Path:
    path = tmp_path / "care.json"
    path.write_text(json.dumps(CARE), encoding="utf-8")
    return path


@pytest.fixture
def routing_file(tmp_path: Path) -> Path:
    path = tmp_path / "TINY.vrp"
    path.write_text(ROUTING, encoding="utf-8")
    return path

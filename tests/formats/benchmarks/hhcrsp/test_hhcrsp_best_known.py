from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.formats.benchmarks.instances import CARE_COST, CARE_PLAN

from dispatch.formats.benchmarks.hhcrsp.instance import HhcrspInstance
from dispatch.formats.benchmarks.hhcrsp.reader import read_instance

TABLE = """\
| instance  | distance_traveled | total_cost | solution        |
|:----------|------------------:|-----------:|:----------------|
| care.json |                57 |    {cost} | sol-care-1.json |
"""


@pytest.fixture
def instance(care_file: Path) -> HhcrspInstance:
    return HhcrspInstance(care_file, read_instance(care_file))


def put_solution(folder: Path) -> None:
    (folder / "sol-care-1.json").write_text(json.dumps(CARE_PLAN))


def test_none_where_nothing_was_published(instance: HhcrspInstance) -> None:
    assert instance.best_known() is None


def test_the_best_of_several_solutions_is_taken(instance: HhcrspInstance, tmp_path: Path) -> None:
    put_solution(tmp_path)
    (tmp_path / "sol-care-2.json").write_text('{"routes": []}')
    best = instance.best_known()
    assert best is not None
    assert best.path.name == "sol-care-1.json"
    assert best.checked.cost == pytest.approx(CARE_COST)
    assert best.stated is None
    assert best.reproduced


@pytest.mark.parametrize(("printed", "reproduced"), [("24.3333", True), ("24.3334", False)])
def test_the_cost_must_be_that_of_the_published_table(
    instance: HhcrspInstance, tmp_path: Path, printed: str, reproduced: bool
) -> None:
    put_solution(tmp_path)
    (tmp_path / "care_best.md").write_text(TABLE.format(cost=printed))
    best = instance.best_known()
    assert best is not None
    assert best.stated == float(printed)
    assert best.reproduced is reproduced


def test_a_solution_that_breaks_a_rule_is_not_reproduced(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    broken = json.dumps(CARE_PLAN).replace('"arrival_time": 20,', '"arrival_time": 19,')
    (tmp_path / "sol-care-1.json").write_text(broken)
    best = instance.best_known()
    assert best is not None
    assert not best.reproduced

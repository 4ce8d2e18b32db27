from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.formats.benchmarks.instances import CARE_PLAN, ROUTING_PLAN

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.bounded import MOST_BYTES
from dispatch.formats.benchmarks.sources import find_instances, read_instance


@pytest.fixture
def folder(tmp_path: Path, care_file: Path, routing_file: Path) -> Path:
    deep = tmp_path / "deep" / "deeper"
    deep.mkdir(parents=True)
    care_file.rename(deep / "care.json")
    (deep / "sol-care-1.json").write_text(json.dumps(CARE_PLAN))
    (tmp_path / "TINY.sol").write_text(ROUTING_PLAN)
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "notes.md").write_text("TYPE: nothing")
    return tmp_path


def test_finds_instances_of_every_format_and_passes_over_the_rest(folder: Path) -> None:
    found = find_instances([folder])
    assert [path.name for path in found] == ["TINY.vrp", "care.json"]
    assert [read_instance(path).set_name for path in found] == ["sdvrptw", "hhcrsp"]
    assert [read_instance(path).name for path in found] == ["TINY", "care"]


def test_a_file_named_twice_is_found_once(folder: Path) -> None:
    assert len(find_instances([folder / "TINY.vrp", folder])) == 2


def test_paths_that_hold_no_instance_are_all_named(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    with pytest.raises(InvalidInput) as caught:
        find_instances([folder / "nowhere", folder / "TINY.sol", folder, empty])
    assert [finding.code for finding in caught.value.findings] == [
        "bench.path.missing",
        "bench.path.unknown",
        "bench.path.empty",
    ]
    assert all(finding.cause() for finding in caught.value.findings)


def test_a_solution_is_no_instance(folder: Path) -> None:
    with pytest.raises(InvalidInput, match=r"bench\.path\.unknown"):
        read_instance(folder / "TINY.sol")


def test_a_broken_instance_is_found_and_its_fault_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"patients": [], "caregivers": [')
    assert find_instances([tmp_path]) == (broken,)
    with pytest.raises(InvalidInput, match=r"bench\.json\.syntax"):
        read_instance(broken)


def test_unreadable_files_are_passed_over_in_a_folder_and_refused_when_named(folder: Path) -> None:
    stray = folder / "picture.json"
    stray.write_bytes(b"\xff\xd8")
    assert len(find_instances([folder])) == 2
    with pytest.raises(InvalidInput, match=r"bench\.file\.encoding"):
        find_instances([stray])


def test_a_file_too_large_is_refused(folder: Path) -> None:
    with (folder / "TINY.vrp").open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InvalidInput, match=r"bench\.file\.size"):
        read_instance(folder / "TINY.vrp")

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.formats.benchmarks.instances import CARE

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.hhcrsp.reader import read_instance


def refused(tmp_path: Path, text: str) -> set[str]:
    path = tmp_path / "faulty.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_instance(path)
    assert all(finding.cause() and finding.cure("zh") for finding in caught.value.findings)
    return {f"{finding.place.pointer}: {finding.code}" for finding in caught.value.findings}


def test_reads_patients_carers_and_travel(care_file: Path) -> None:
    day = read_instance(care_file)
    one, both, then = day.patients
    assert [carer.id for carer in day.carers] == ["ann", "bo"]
    assert day.carers[1].abilities == {"lift", "wash"}
    assert day.travel_min.tolist() == CARE["distances"]
    assert (both.synchronization, both.delay_min) == ("simultaneous", (0, 0))
    assert (then.synchronization, then.delay_min) == ("sequential", (15, 30))
    assert one.services[0].duration_min == 10


def test_windows_are_cut_to_whole_minutes(care_file: Path) -> None:
    assert read_instance(care_file).patients[0].earliest_min == 20


def test_tolerance_is_zero_for_whole_numbers_and_not_otherwise(
    care_file: Path, tmp_path: Path
) -> None:
    fractional = copy.deepcopy(CARE)
    fractional["distances"][0][1] = 10.25
    other = tmp_path / "fractional.json"
    other.write_text(json.dumps(fractional))
    assert read_instance(care_file).tolerance_min == 0
    assert read_instance(other).tolerance_min == pytest.approx(1e-6)


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no travel": (lambda day: day.pop("distances"), ": bench.field.missing"),
    "row missing": (lambda day: day["distances"].pop(), "/distances: bench.hhcrsp.travel.rows"),
    "ragged": (lambda day: day["distances"][2].pop(), "/distances/2: bench.hhcrsp.travel.columns"),
    "negative": (
        lambda day: day["distances"][1].__setitem__(2, -1),
        "/distances/1/2: bench.field.range",
    ),
    "nan": (
        lambda day: day["distances"][1].__setitem__(2, float("nan")),
        "/distances/1/2: bench.field.range",
    ),
    "huge": (
        lambda day: day["distances"][1].__setitem__(2, 1e308),
        "/distances/1/2: bench.field.range",
    ),
    "text": (
        lambda day: day["distances"][1].__setitem__(2, "7"),
        "/distances/1/2: bench.field.number",
    ),
    "diagonal": (
        lambda day: day["distances"][1].__setitem__(1, 4),
        "/distances/1/1: bench.hhcrsp.travel.diagonal",
    ),
    "two offices": (
        lambda day: day["central_offices"].append({"id": "b"}),
        "/central_offices: bench.hhcrsp.offices",
    ),
    "carer twice": (
        lambda day: day["caregivers"][1].update(id="ann"),
        "/caregivers/1/id: bench.id.repeated",
    ),
    "carer without id": (
        lambda day: day["caregivers"][1].update(id=""),
        "/caregivers/1/id: bench.field.text",
    ),
    "unknown ability": (
        lambda day: day["caregivers"][0]["abilities"].append("fly"),
        "/caregivers/0/abilities/2: bench.hhcrsp.service.unknown",
    ),
    "unknown service": (
        lambda day: day["patients"][0]["required_caregivers"][0].update(service="fly"),
        "/patients/0/required_caregivers/0/service: bench.hhcrsp.service.unknown",
    ),
    "service twice": (
        lambda day: day["patients"][1]["required_caregivers"][1].update(service="inject"),
        "/patients/1/required_caregivers/1/service: bench.hhcrsp.service.repeated",
    ),
    "no service": (
        lambda day: day["patients"][0].update(required_caregivers=[]),
        "/patients/0/required_caregivers: bench.hhcrsp.services.count",
    ),
    "untied": (
        lambda day: day["patients"][1].pop("synchronization"),
        "/patients/1/synchronization: bench.hhcrsp.synchronization.missing",
    ),
    "unknown tie": (
        lambda day: day["patients"][1].update(synchronization={"type": "loose"}),
        "/patients/1/synchronization/type: bench.hhcrsp.synchronization.kind",
    ),
    "delay reversed": (
        lambda day: day["patients"][2]["synchronization"].update(distance=[30, 15]),
        "/patients/2/synchronization/distance: bench.hhcrsp.delay.reversed",
    ),
    "window reversed": (
        lambda day: day["patients"][0].update(time_window=[30, 20]),
        "/patients/0/time_window: bench.hhcrsp.window.reversed",
    ),
    "window of one": (
        lambda day: day["patients"][0].update(time_window=[30]),
        "/patients/0/time_window: bench.field.pair",
    ),
    "patient is text": (
        lambda day: day["patients"].append("p9"),
        "/patients/3: bench.field.record",
    ),
    "patients are a number": (
        lambda day: day.update(patients=7),
        "/patients: bench.field.list",
    ),
    "endless name": (
        lambda day: day["patients"][0].update(id="p" * 201),
        "/patients/0/id: bench.field.text",
    ),
    "integer beyond floats": (
        lambda day: day["distances"][1].__setitem__(2, 10**400),
        "/distances/1/2: bench.field.range",
    ),
    "services are text": (lambda day: day.update(services="abc"), "/services: bench.field.list"),
    "true as number": (
        lambda day: day["patients"][0]["required_caregivers"][0].update(duration=True),
        "/patients/0/required_caregivers/0/duration: bench.field.number",
    ),
    "endless list": (
        lambda day: day["services"].extend([{"id": "s"}] * 6000),
        "/services: bench.field.entries",
    ),
    "extended": (
        lambda day: day["caregivers"][0].update(working_shift=[0, 10]),
        ": bench.hhcrsp.extended",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_at_its_place(fault: str, tmp_path: Path) -> None:
    spoil, expected = FAULTS[fault]
    day = copy.deepcopy(CARE)
    spoil(day)
    assert expected in refused(tmp_path, json.dumps(day))


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    day = copy.deepcopy(CARE)
    for fault in ("negative", "untied", "carer twice", "window reversed"):
        FAULTS[fault][0](day)
    assert len(refused(tmp_path, json.dumps(day))) == 4


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"patients": 1' + "0" * 5000 + "}"])
def test_broken_json_is_a_finding(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == {": bench.json.syntax"}


def test_a_list_is_no_instance(tmp_path: Path) -> None:
    assert refused(tmp_path, "[]") == {": bench.field.record"}


def test_bytes_that_are_no_text_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "gbk.json"
    path.write_bytes("{'患者'}".encode("gbk"))
    with pytest.raises(InvalidInput, match=r"bench\.file\.encoding"):
        read_instance(path)
    with pytest.raises(InvalidInput, match=r"bench\.file\.unreadable"):
        read_instance(tmp_path / "nowhere.json")

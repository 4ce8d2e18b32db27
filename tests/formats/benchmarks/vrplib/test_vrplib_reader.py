from __future__ import annotations

from math import isqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.benchmarks.instances import ROUTING

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.vrplib.model import CONVENTIONS
from dispatch.formats.benchmarks.vrplib.reader import _distance, read_instance


def refused(tmp_path: Path, text: str) -> set[str]:
    path = tmp_path / "faulty.vrp"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_instance(path)
    assert all(finding.cause() and finding.cure("zh") for finding in caught.value.findings)
    return {f"{finding.place.row}: {finding.code}" for finding in caught.value.findings}


def test_reads_a_site_dependent_instance_in_thousandths(routing_file: Path) -> None:
    case = read_instance(routing_file)
    assert case.kind == "sdvrptw"
    assert case.distance[0].tolist() == [0, 5000, 10000, 5000]
    assert case.distance[1, 3] == round(1000 * 10**0.5)
    assert case.service.tolist() == [0, 1000, 2000, 3000]
    assert case.earliest.tolist() == [0, 20000, 0, 30000]
    assert case.latest.tolist() == [100000, 40000, 45000, 60000]
    assert case.capacity.tolist() == [9, 6]
    assert case.allowed.tolist() == [[False, True, True, False], [False, True, True, True]]
    assert case.max_duration == 30000
    assert case.prize is None
    assert list(case.customers) == [1, 2, 3]


PRIZES = """\
NAME : TINY
TYPE : PCVRPTW
DIMENSION : 3
VEHICLES : 2
CAPACITY : 50
SERVICE_TIME : 9
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 3
DEMAND_SECTION
1 0
2 7
3 8
TIME_WINDOW_SECTION
1 0 90
2 1 80
3 2 70
PRIZE_SECTION
1 0
2 4
3 11
DEPOT_SECTION
1
-1
EOF
"""


def test_reads_a_prize_collecting_instance_cut_to_one_decimal(tmp_path: Path) -> None:
    path = tmp_path / "tiny.vrp"
    path.write_text(PRIZES)
    case = read_instance(path)
    assert case.prize is not None
    assert case.prize.tolist() == [0, 40, 110]
    assert case.distance[0].tolist() == [0, 14, 36]
    assert case.service.tolist() == [0, 90, 90]
    assert case.capacity.tolist() == [50, 50]
    assert case.max_duration is None
    assert case.allowed.all()


def test_reads_several_depots(tmp_path: Path) -> None:
    depots = "VEHICLES_DEPOT_SECTION\n1 2\n2 1\nDEPOT_SECTION\n1\n2\n-1\n"
    path = tmp_path / "tiny.vrp"
    path.write_text(PRIZES.replace("PCVRPTW", "MDVRPTW").replace("DEPOT_SECTION\n1\n-1\n", depots))
    case = read_instance(path)
    assert case.depots == 2
    assert case.vehicle_depot.tolist() == [1, 0]
    assert list(case.customers) == [2]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=6))
def test_cut_distances_are_those_of_exact_arithmetic(points: list[tuple[int, int]]) -> None:
    cut = _distance(np.array(points, dtype=np.float64), CONVENTIONS["vrptw"])
    for row, (x, y) in enumerate(points):
        for column, (u, v) in enumerate(points):
            assert cut[row, column] == isqrt(100 * ((x - u) ** 2 + (y - v) ** 2))


FAULTS = {
    "unknown kind": ("SDVRPTW", "TSP", "2: bench.vrplib.kind"),
    "no dimension": ("DIMENSION: 4\n", "", "None: bench.vrplib.header.missing"),
    "dimension is text": ("DIMENSION: 4", "DIMENSION: four", "3: bench.vrplib.index"),
    "dimension is huge": ("DIMENSION: 4", "DIMENSION: 9999999999999", "3: bench.vrplib.index"),
    "superscript": ("DIMENSION: 4", "DIMENSION: ²", "3: bench.vrplib.index"),
    "line of nothing": ("NAME: TINY", "hello", "1: bench.vrplib.line"),
    "no windows": ("TIME_WINDOW_", "OTHER_", "None: bench.vrplib.section.missing"),
    "row missing": ("3 6 8\n4 0 5\n", "3 6 8\n", "None: bench.vrplib.section.rows"),
    "rows swapped": ("2 3 4\n3 6 8", "3 3 4\n2 6 8", "8: bench.vrplib.row"),
    "row too long": ("3 6 8\n", "3 6 8 9\n", "9: bench.vrplib.row"),
    "nan": ("3 6 8\n", "3 nan 8\n", "9: bench.vrplib.number"),
    "infinite": ("3 6 8\n", "3 6 1e999\n", "9: bench.vrplib.number"),
    "words": ("3 6 8\n", "3 6 eight\n", "9: bench.vrplib.number"),
    "negative demand": ("2 4\n", "2 -4\n", "None: bench.vrplib.whole"),
    "fraction of a demand": ("2 4\n", "2 4.5\n", "None: bench.vrplib.whole"),
    "negative service": ("2 1\n", "2 -1\n", "None: bench.vrplib.whole"),
    "window reversed": ("2 20 40", "2 40 20", "None: bench.vrplib.window.reversed"),
    "unknown vehicle": ("1 2 3\n", "7 2 3\n", "30: bench.vrplib.index"),
    "unknown customer": ("1 2 3\n", "1 2 9\n", "30: bench.vrplib.index"),
    "depot last": ("EOF", "DEPOT_SECTION\n4\n-1\nEOF", "33: bench.vrplib.depots"),
    "vehicle at no depot": (
        "EOF",
        "VEHICLES_DEPOT_SECTION\n1 1\n2 3\nEOF",
        "None: bench.vrplib.vehicle.depot",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_at_its_line(fault: str, tmp_path: Path) -> None:
    before, after, expected = FAULTS[fault]
    assert before in ROUTING
    assert expected in refused(tmp_path, ROUTING.replace(before, after, 1))


def test_headers_that_a_kind_needs_are_asked_for(tmp_path: Path) -> None:
    text = PRIZES.replace("CAPACITY : 50\n", "").replace("SERVICE_TIME : 9\n", "")
    text = text.replace("3 11\n", "3 -11\n")
    assert refused(tmp_path, text) == {
        "None: bench.vrplib.header.missing",
        "None: bench.vrplib.whole",
    }


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    text = ROUTING
    for fault in ("nan", "negative demand", "window reversed", "unknown customer"):
        before, after, _ = FAULTS[fault]
        text = text.replace(before, after, 1)
    assert len(refused(tmp_path, text)) == 4

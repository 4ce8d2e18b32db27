from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from tests.solver.partition.part_engines import MARK
from tests.solver.partition.towns import nothing, towns

from dispatch.errors import Unavailable
from dispatch.solver.engine import Status, Stop
from dispatch.solver.partition import cluster as clusters
from dispatch.solver.partition.cluster import ADDRESS, cluster_pool
from dispatch.solver.partition.engine import Partition
from dispatch.solver.partition.parameters import PartitionParameters

ENGINE = "tests.solver.partition.part_engines:KilledOnce"
PARAMETERS = PartitionParameters(part_visits=15, engine=ENGINE)


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "killed"
    monkeypatch.setenv(MARK, str(path))
    return path


@pytest.fixture
def cluster(mark: Path) -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_killed_dask_worker_costs_time_and_not_the_run(
    cluster: LocalCluster, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, cluster.scheduler_address)
    problem = towns()
    start = nothing(problem)
    result = Partition(PARAMETERS).solve(
        problem, Stop(seconds=600, iterations=2), seed=1, initial=start
    )

    assert mark.exists()
    assert result.status is Status.SOLVED
    assert result.iterations == 2
    assert result.message == ""
    assert result.solution is not None
    assert result.solution.cost < start.cost


def test_a_cluster_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "CONNECT_S", 0.2)
    with pytest.raises(Unavailable) as caught:
        cluster_pool("tcp://127.0.0.1:9")()

    assert caught.value.code == "partition.cluster.unreachable"


def test_a_cluster_without_its_extra_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Unavailable) as caught:
        cluster_pool("tcp://127.0.0.1:9")()

    assert caught.value.code == "partition.cluster.missing"

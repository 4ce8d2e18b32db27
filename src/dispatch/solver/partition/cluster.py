"""Parts solved on many machines, by Dask (extra `cluster`)."""

from __future__ import annotations

from functools import partial

from dispatch.errors import Unavailable
from dispatch.solver.partition.workers import OpenPool, Pool

ADDRESS = "DISPATCH_CLUSTER"
"""The environment variable that says where the scheduler is, as ``tcp://host:8786``."""
CONNECT_S = 30


def cluster_pool(address: str) -> OpenPool:
    """All workers that a scheduler has. They need this package, and one thread each.

    Where a worker dies, the scheduler sends its parts to another one.
    """
    return partial(_connected, address)


def _connected(address: str) -> Pool:
    """Connect to the scheduler.

    Raises
    ------
    Unavailable
        ``partition.cluster.missing``, ``partition.cluster.unreachable``
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise Unavailable("partition.cluster.missing") from error
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:  # a time-out is an OSError
        raise Unavailable("partition.cluster.unreachable", address=address) from error
    # Equal orders are solved twice: the first answer may be lost with its worker.
    executor = client.get_executor(pure=False)
    return Pool(executor, max(1, sum(client.nthreads().values())), client.close)

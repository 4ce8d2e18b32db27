"""What a server has acknowledged holds, whenever it is killed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from tests.databases import IN_MEMORY
from tests.proofs.clients import Wish
from tests.proofs.load import scene, under_load
from tests.proofs.server import Server
from tests.proofs.size import kinds, sized
from tests.proofs.survivals import WROTE, wrong_repeats, wrong_survival

from dispatch.store.database import Database
from dispatch.store.embedded import SUPERUSER, Embedded

MOMENTS = sized(small=2, full=200)
"""When it is killed while it serves."""
WORKING_S = (0.2, 2.0)
"""How long people work between two kills."""
STARTING_S = (0.1, 3.0)
"""When it is killed once more before it serves again, after every fourth of them."""
FORGETFUL = "from dispatch.store import work\nwork.keep_answer = lambda *_: None"


@contextmanager
def served(planted: str = "") -> Generator[Server]:
    """A server in a folder where nobody waits for a disk; it ends whatever happens."""
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        server = Server(Path(folder), planted)
        try:
            server.start()
            yield server
        finally:
            ended = server.stop()
        assert ended == 0
        assert not server.keeps_rows()  # whoever was killed does not keep its database up


@contextmanager
def looked_into(server: Server) -> Generator[Database]:
    """The record of a server that runs."""
    embedded = Embedded(server.record)
    database = Database(embedded.url(SUPERUSER))
    yield database
    database.close()
    embedded.close()


@pytest.mark.slow
def test_what_was_acknowledged_holds_whenever_the_server_is_killed() -> None:
    generator, wishes = np.random.default_rng(1), list[Wish]()
    with served() as server:
        with under_load(scene(server), wishes):
            for moment in range(MOMENTS):
                time.sleep(generator.uniform(*WORKING_S))
                server.kill()
                if moment % 4 == 1:
                    server.launch()
                    time.sleep(generator.uniform(*STARTING_S))
                    server.kill()
                server.start()
        with looked_into(server) as database:
            assert wrong_survival(database, wishes) == []
            assert wrong_repeats(database, server, wishes) == []
    granted = Counter(wish.kind for wish in wishes if wish.granted)
    assert {*WROTE, "actions", "release"} <= set(granted), granted
    assert max(wish.sent for wish in wishes) > 1


@pytest.mark.slow
def test_the_proof_sees_a_server_that_forgets_what_it_answered() -> None:
    wishes = list[Wish]()
    with served(planted=FORGETFUL) as server:
        with under_load(scene(server), wishes):
            time.sleep(WORKING_S[1])
        with looked_into(server) as database:
            assert {"answer", "second"} <= kinds(wrong_repeats(database, server, wishes))


def test_the_proof_sees_what_is_not_there(database: Database) -> None:
    job = {"id": "01a2235e-2496-77b9-892b-7500dc021574"}
    told = Wish("lena", "/jobs", {"job": {"id": "L-1"}}, "key", status=201, answer=job)
    assert kinds(wrong_survival(database, [told])) == {"lost"}
    held = Wish("lena", "/jobs/L-1/hold", {}, "key", status=200, answer=job)
    assert kinds(wrong_survival(database, [held])) == {"lost"}
    waits = Wish("lena", "/jobs", {"job": {"id": "L-1"}}, "key")
    assert kinds(wrong_survival(database, [waits])) == {"unanswered"}

"""What a server has acknowledged holds, whenever it is killed."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from tests.databases import IN_MEMORY
from tests.proofs.clients import Person, Wish
from tests.proofs.load import scene, under_load
from tests.proofs.processes import wait_until
from tests.proofs.server import Server
from tests.proofs.size import kinds, sized
from tests.proofs.survivals import WROTE, runs_in, wrong_repeats, wrong_survival

from dispatch.domain.states.run import RunState
from dispatch.store.database import Database
from dispatch.store.embedded import SUPERUSER, Embedded

MOMENTS = sized(small=5, full=200)
"""When it is killed while it serves."""
WORKING_S = (0.2, 2.0)
"""How long people work between two kills."""
STARTING_S = (0.1, 1.5)
"""When one that is killed while it starts is killed."""
ROUND = ("server", "starting", "workers", "server", "all", "starting", "server", "server")
"""What is killed, in turn: the server; also the next one, before it serves; also its workers, while
they plan; also PostgreSQL, as if the machine had gone."""
FRESH = 10
"""So many are forked, then one is started from nothing."""
FORGETFUL = "from dispatch.store import work\nwork.keep_answer = lambda *_, **__: None"


@contextmanager
def served(planted: str = "") -> Generator[Server]:
    """A server in a folder where nobody waits for a disk; it ends whatever happens."""
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        server = Server(Path(folder), planted)
        try:
            server.start(fresh=True)
            yield server
        finally:
            ended = server.stop()
        assert ended == 0
        assert server.left_over() == []  # whoever was killed does not keep its database up


def strike(server: Server, moment: int, generator: np.random.Generator) -> None:
    """Kill it, and start it again."""
    whom = ROUND[moment % len(ROUND)]
    time.sleep(generator.uniform(*WORKING_S))
    if whom in {"workers", "all"}:
        lena = Person(server, "lena", server.logins["lena"])
        wait_until(lambda: any(run["phase"] for run in lena.get("/runs", limit=5)["items"]))
    server.kill(workers=whom in {"workers", "all"}, rows=whom == "all")
    if whom == "starting":
        server.launch()
        time.sleep(generator.uniform(*STARTING_S))
        server.kill()
    server.start(fresh=moment % FRESH == FRESH - 1)


@contextmanager
def looked_into(server: Server) -> Generator[Database]:
    """The record of a server that runs."""
    embedded = Embedded(server.record)
    database = Database(embedded.url(SUPERUSER))
    yield database
    database.close()
    embedded.close()


@pytest.mark.slow
def test_what_was_acknowledged_holds_whenever_the_server_is_killed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    generator, wishes = np.random.default_rng(1), list[Wish]()
    begun = time.monotonic()
    with served() as server:
        with under_load(scene(server), wishes):
            for moment in range(MOMENTS):
                strike(server, moment, generator)
                if moment % 10 == 9:
                    with capsys.disabled():
                        said = f" {moment + 1}/{MOMENTS} {time.monotonic() - begun:.0f} s\n"
                        sys.stdout.write(said)
        with looked_into(server) as database:
            wait_until(lambda: not runs_in(database, RunState.QUEUED, RunState.SOLVING))
            assert wrong_survival(database, wishes) == []
            assert wrong_repeats(database, server, wishes) == []
            attempts = runs_in(database, RunState.SOLVED)
    assert max(attempts) > 1  # a run in progress was finished by another worker
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

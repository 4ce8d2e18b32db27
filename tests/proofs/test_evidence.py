"""A photo that a server has acknowledged is there, whole, whenever the server is killed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock

import httpx
import numpy as np
import pytest
from tests.pictures import photo
from tests.proofs.server import Server
from tests.proofs.size import sized
from tests.proofs.test_kill import served

from dispatch.cli.serving.demo_record import NAMES
from dispatch.domain.role import Role
from dispatch.store.ids import new_id

MOMENTS = sized(small=1, full=50)
SENDERS = 3
FORGETFUL = (
    "from dispatch.store import files\n"
    "import hashlib\n"
    "files.Files.keep = lambda self, content: hashlib.sha256(content).hexdigest()"
)


@dataclass(slots=True)
class Senders:
    """Phones that send one photo after another, and again what nobody has answered."""

    server: Server
    headers: dict[str, str]
    """Of a technician who is signed in."""
    kept: dict[str, str] = field(default_factory=dict)
    """SHA-256 of what was acknowledged, by the id that came with it."""
    wrong: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    def send_on(self) -> None:
        """Until it is ended."""
        visit = new_id()
        while not self.ended.is_set():
            with self._lock:
                content = photo(next(self._numbers), size=(200, 150))
            while not self.ended.is_set():
                try:
                    answer = httpx.post(
                        f"{self.server.address}/v1/me/visits/{visit}/evidence?kind=photo",
                        content=content,
                        headers=self.headers,
                        timeout=20,
                    )
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    self.kept[answer.json()["id"]] = hashlib.sha256(content).hexdigest()
                    break
                if answer.status_code != 503:
                    self.wrong.append(answer.text)
                    return

    def lost(self) -> list[str]:
        """What was acknowledged and is not there as it was sent."""
        headers = let_in(self.server, Role.OWNER)
        with httpx.Client(base_url=f"{self.server.address}/v1", headers=headers) as http:
            return [
                made
                for made, sha256 in self.kept.items()
                if hashlib.sha256(http.get(f"/evidence/{made}/original").content).hexdigest()
                != sha256
                or not http.get(f"/evidence/{made}/picture").is_success
            ]


def let_in(server: Server, role: Role) -> dict[str, str]:
    """A token of one of the demo's people."""
    name = NAMES[role]
    known = {"login": name, "password": server.logins[name]}
    answer = httpx.post(f"{server.address}/v1/sign-in", json=known, timeout=60)
    return {"Authorization": f"Bearer {answer.json()['access']}"}


@contextmanager
def sending(server: Server) -> Generator[Senders]:
    senders = Senders(server, let_in(server, Role.TECHNICIAN))
    with ThreadPoolExecutor(SENDERS) as threads:
        found = [threads.submit(senders.send_on) for _ in range(SENDERS)]
        try:
            yield senders
        finally:
            senders.ended.set()
        for one in found:
            one.result()


@pytest.mark.slow
def test_a_photo_that_was_acknowledged_is_there_whenever_the_server_is_killed() -> None:
    generator = np.random.default_rng(1)
    with served() as server:
        with sending(server) as senders:
            for _ in range(MOMENTS):
                time.sleep(generator.uniform(2.0, 4.0))
                server.kill()
                server.start()
            time.sleep(2.0)
        assert senders.wrong == []
        assert len(senders.kept) >= 2 * MOMENTS
        assert len(set(senders.kept.values())) == len(senders.kept)
        assert senders.lost() == []
        folder = server.folder / "var" / "evidence"
        for path in folder.glob("??/[0-9a-f]*"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


@pytest.mark.slow
def test_the_proof_sees_a_server_that_writes_no_files() -> None:
    with served(planted=FORGETFUL) as server:
        with sending(server) as senders:
            time.sleep(4.0)
        assert senders.kept
        assert set(senders.lost()) == set(senders.kept)

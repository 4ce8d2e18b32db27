"""What people do while the server is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from tests.proofs.clients import Person, Wish
from tests.proofs.server import Server

SENT_AT = "2026-01-01T08:00:00+00:00"
"""Phones are wrong about the time; that changes nothing."""
STEPS = ("depart", "check_in", "start", "complete")
PATTERNS = 3
PAUSE_S = 0.3
_number = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to do."""

    server: Server
    day: str
    starts: str
    ends: str
    technician: str
    """Whose phone it is."""
    patterns: tuple[dict[str, str], ...]
    """Types and sites of jobs that this technician can do."""

    def person(self, login: str) -> Person:
        return Person(self.server, login, self.server.logins[login])

    def job(self, generator: np.random.Generator) -> dict[str, Any]:
        pattern = self.patterns[int(generator.integers(len(self.patterns)))]
        window = {"start": self.starts, "end": self.ends}
        return {"job": {"id": f"L-{next(_number)}", "windows": [window], **pattern}}


def day_of(somebody: Person, job: dict[str, Any]) -> str:
    """The day on which a job may begin, by the clock of its network."""
    zone = ZoneInfo(somebody.get("/organisation")["zone"])
    return datetime.fromisoformat(job["earliest"]).astimezone(zone).date().isoformat()


def scene(server: Server) -> Scene:
    """Look at the demo: tomorrow, whom the phone belongs to, and what they can do."""
    lena = Person(server, "lena", server.logins["lena"])
    tomas = Person(server, "tomas", server.logins["tomas"]).get("/me")["technician"]
    jobs = lena.get("/jobs", limit=200)["items"]
    day = day_of(lena, jobs[0])
    board = lena.get(f"/boards/{day}")
    patterns: list[dict[str, str]] = []
    for job in jobs:
        pattern = {"type": job["type"], "site": job["site"]}
        able = lena.get(f"/visits/{job['visits'][0]['id']}/candidates", day=day)["able"]
        if tomas in [one["technician"] for one in able] and len(job["visits"]) == 1:
            patterns.append(pattern)
        if len(patterns) == PATTERNS:
            break
    assert patterns
    return Scene(server, day, board["starts"], board["ends"], tomas, tuple(patterns))


def decide(scene: Scene, seed: int, closing: Event) -> list[Wish]:
    """Take in jobs, hold them back, let them go on."""
    generator, lena = np.random.default_rng(seed), scene.person("lena")
    while not closing.is_set():
        made = lena.post("/jobs", scene.job(generator))
        for step in range(int(generator.integers(4))):
            if made.granted and not closing.is_set():
                held = step % 2 == 0
                path = f"/jobs/{made.answer['id']}/{'hold' if held else 'resume'}"
                lena.post(path, {"why": "the customer asked"} if held else {})
    return lena.wishes


def claim_and_work(scene: Scene, seed: int, closing: Event) -> list[Wish]:
    """Offer a job, claim it, be told of it, do it and say so, at times twice."""
    generator, lena, tomas = (
        np.random.default_rng(seed),
        scene.person("lena"),
        scene.person("tomas"),
    )
    said = count(1)
    while not closing.is_set():
        made = lena.post("/jobs", scene.job(generator))
        if not made.granted:
            continue
        visit = made.answer["visits"][0]["id"]
        offer = lena.post("/offers", {"visit": visit, "fee_minor": 5_000, "expires_at": scene.ends})
        if not offer.granted:
            continue
        claimed = tomas.post(f"/me/pool/{offer.answer['id']}/claim")
        if claimed.granted:
            lena.post(f"/boards/{scene.day}/release", {"technicians": [scene.technician]})
            tomas.post("/me/actions", _batch(f"phone-{seed}", visit, said))
    return [*lena.wishes, *tomas.wishes]


def plan(scene: Scene, seed: int, closing: Event) -> list[Wish]:
    """Have the day planned, one run after another, so that there is always one in progress."""
    lena = scene.person("lena")
    wish = {"day": scene.day, "engine": "greedy", "seconds": 2, "seed": seed}
    while not closing.is_set():
        asked = lena.post("/runs", wish)
        while asked.granted and not closing.wait(PAUSE_S):
            run = lena.look(f"/runs/{asked.answer['id']}")
            if run is not None and run["ended_at"]:
                break
    return lena.wishes


def _batch(device: str, visit: str, said: Iterator[int]) -> dict[str, Any]:
    actions = [
        {"sequence": next(said), "kind": kind, "visit": visit, "happened_at": SENT_AT}
        for kind in STEPS
    ]
    return {"device": device, "sent_at": SENT_AT, "actions": actions}


STORIES: Sequence[Callable[[Scene, int, Event], list[Wish]]] = (
    decide,
    claim_and_work,
    decide,
    claim_and_work,
    plan,
)


@contextmanager
def under_load(scene: Scene, wishes: list[Wish]) -> Iterator[None]:
    """Let people work meanwhile; ``wishes`` has all of theirs when they are through."""
    closing = Event()
    with ThreadPoolExecutor(len(STORIES)) as threads:
        told: list[Future[list[Wish]]] = [
            threads.submit(story, scene, seed, closing)
            for seed, story in enumerate(STORIES, start=1)
        ]
        try:
            yield
        except BaseException:
            scene.server.give_up()
            raise
        finally:
            closing.set()
    for found in told:
        wishes += found.result()

"""The worker: waits until it is woken, or until a few seconds have gone by."""

from __future__ import annotations

import asyncio
import os
import socket
from threading import Event
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy.engine import URL

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.queue import QUEUES, SCHEMA, Task
from dispatch.worker.planning import plan_runs
from dispatch.worker.rounds import look_round

EVERY_FEW_SECONDS = "* * * * * */5"
POOL = 5
"""Connections of the queue's own: to fetch, to listen, to say that it is there."""


def worker_actor() -> Actor:
    """Who this process is, by a name that no other has."""
    name = f"{socket.gethostname()}-{os.getpid()}-{str(new_id())[-6:]}"
    return Actor(kind=ActorKind.WORKER, id=name, source=Source.WORKER)


def run_worker(database: Database, travel: TravelTimes) -> None:
    """Work until SIGINT or SIGTERM; a run that is being planned then goes back to the others."""
    closing = Event()
    asyncio.run(_run(queue_app(database, worker_actor(), travel, closing), closing))


def queue_app(database: Database, actor: Actor, travel: TravelTimes, closing: Event) -> App:
    """The queue with all that a worker is woken for."""
    app = App(connector=PsycopgConnector(**connection(database.url)))

    @app.task(name=Task.PLAN_RUNS.value, queue=QUEUES[Task.PLAN_RUNS])
    def plan_all() -> None:
        plan_runs(database, actor, travel, closing)

    @app.periodic(cron=EVERY_FEW_SECONDS)
    @app.task(name=Task.LOOK_ROUND.value, queue=QUEUES[Task.LOOK_ROUND])
    def look(timestamp: int) -> None:  # noqa: ARG001 - the queue says when it was due
        look_round(database, actor, travel)

    return app


def connection(url: URL) -> dict[str, Any]:
    """How the queue gets to its tables, which are in a schema of their own."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"options": f"-c search_path={SCHEMA}"}
    return {"conninfo": plain, "kwargs": options, "min_size": 1, "max_size": POOL}


async def _run(app: App, closing: Event) -> None:
    async with app.open_async():
        runs = app.run_worker_async(
            queues=[QUEUES[Task.PLAN_RUNS]],
            name="runs",
            delete_jobs="always",
            install_signal_handlers=False,
        )
        planning = asyncio.create_task(runs)
        await app.run_worker_async(
            queues=[QUEUES[Task.LOOK_ROUND]], name="timers", delete_jobs="always"
        )
        closing.set()
        planning.cancel()
        await asyncio.gather(planning, return_exceptions=True)

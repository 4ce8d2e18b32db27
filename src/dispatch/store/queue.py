"""Waking workers, in the transaction that gives them something to do."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

SCHEMA = "queue"
"""Where the tables of the queue are."""


class Task(StrEnum):
    """What a worker is woken for; what there is to do, it finds in the record."""

    PLAN_RUNS = "plan_runs"
    """Work on all runs that wait."""
    LOOK_ROUND = "look_round"
    """See whose time is over."""


QUEUES = {Task.PLAN_RUNS: "runs", Task.LOOK_ROUND: "timers"}
"""Planning takes minutes, and nothing else must wait for that."""

_DEFER = text(
    f"SELECT {SCHEMA}.procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, NULL, NULL,"
    f" '{{}}'::jsonb, NULL)::{SCHEMA}.procrastinate_job_to_defer_v1])"
)


def wake(session: Session, task: Task) -> None:
    """Let a worker do something as soon as this transaction is committed."""
    before = session.scalar(text("SELECT current_setting('search_path')"))
    look_in = text("SELECT set_config('search_path', :path, true)")
    session.execute(look_in, {"path": SCHEMA})  # the library's functions name no schema
    session.execute(_DEFER, {"queue": QUEUES[task], "task": task.value})
    session.execute(look_in, {"path": before})

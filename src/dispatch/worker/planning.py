"""Work on runs: take one, plan its day, hand the plan in."""

from __future__ import annotations

import logging
from threading import Event

from dispatch.domain.actor import Actor
from dispatch.errors import DispatchError, Refused
from dispatch.operations.plan_day import PlannedDay, plan_day
from dispatch.operations.runs.finish import fail_run, finish_run, give_run_back
from dispatch.operations.runs.take import Taken, take_run
from dispatch.planning.travel_times import TravelTimes
from dispatch.solver.engine import Status
from dispatch.store.database import Database
from dispatch.store.trace import headline_of, trace_of
from dispatch.worker.pulse import Pulse

LOST = (Status.FAILED, Status.TIMED_OUT)

log = logging.getLogger(__name__)


def plan_runs(database: Database, actor: Actor, travel: TravelTimes, closing: Event) -> int:
    """Work on one run after another until none waits; answers how many there were.

    Parameters
    ----------
    closing
        Set when this worker is to end: what it is at goes back to the others.
    """
    count = 0
    while not closing.is_set() and (run := take_run(database, actor)) is not None:
        work_on(database, actor, run, travel, closing)
        count += 1
    return count


def work_on(
    database: Database, actor: Actor, run: Taken, travel: TravelTimes, closing: Event
) -> None:
    """Plan a run's day. However that ends, the run says it; nothing is raised."""
    planned: PlannedDay | None = None
    with Pulse(database, actor, run.id) as pulse:
        try:
            planned = plan_day(
                run.day,
                travel,
                engine=run.engine,
                seconds=run.seconds,
                seed=run.seed,
                initial=run.stands,
                watch=pulse,
                called_off=lambda: pulse.unwanted() or closing.is_set(),
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the run says it
            foreseen = isinstance(error, DispatchError)
            log.warning("run %s failed%s", run.id, "" if foreseen else f": {trace_of(error)}")
            message = headline_of(error)
        else:
            message = _doubt(planned)
    if pulse.unwanted():
        return
    try:
        if closing.is_set():
            give_run_back(database, actor, run.id)
        elif planned is None or message:
            fail_run(database, actor, run.id, message)
        else:
            finish_run(database, actor, run.id, planned.plan, planned.message)
    except Refused as error:  # in the last moment it was cancelled, or given to another
        log.info("run %s: %s", run.id, error.code)


def _doubt(planned: PlannedDay) -> str:
    """Why a plan is not to be used; empty if it is.

    An engine that failed early leaves a plan that breaks no rule and serves nobody.
    """
    if planned.verification.ok:
        lost = planned.status in LOST and not planned.plan.curve
        return planned.message or planned.status if lost else ""
    faults = sorted({fault.code for fault in planned.verification.faults})
    return " ".join(filter(None, (f"unverified: {', '.join(faults)}", planned.message)))

"""A worker hands in what has become of a run."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.plan import Plan
from dispatch.domain.states.run import PLAN, RUN, RunAction
from dispatch.errors import Refused
from dispatch.formats.plan_json import PLAN_JSON
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.queue import Task, wake
from dispatch.store.rows.plans import PlanRow, RunRow
from dispatch.store.work import Work

MOST_LETTERS = 2_000


def finish_run(
    database: Database, actor: Actor, run_id: UUID, plan: Plan, message: str = ""
) -> UUID:
    """Keep the plan of a run, which has been verified, as a draft.

    ``message``: what went wrong nevertheless; the plan is what there was by then.

    Raises
    ------
    Refused
        The run was cancelled (``state.run``), or another worker has it (``run.taken-over``).
    """
    with database.work(actor) as work:
        run = _ours(work, actor, run_id)
        run.state = RUN.after(RunAction.FINISH, run.state)
        run.ended_at, run.message = work.now, message[:MOST_LETTERS]
        row = PlanRow(
            id=new_id(),
            outlet_id=run.outlet_id,
            run_id=run.id,
            state=PLAN.first,
            made_at=work.now,
            said=PLAN_JSON.document(plan, exclude_defaults=True),
        )
        work.session.add(row)
        work.note("run.solved", run)
        work.note("plan.made", row)
        return work.commit(row.id)


def fail_run(database: Database, actor: Actor, run_id: UUID, message: str) -> None:
    """Say why a run has no plan.

    Raises
    ------
    Refused
        As :func:`finish_run`.
    """
    with database.work(actor) as work:
        run = _ours(work, actor, run_id)
        run.state = RUN.after(RunAction.FAIL, run.state)
        run.ended_at, run.message = work.now, message[:MOST_LETTERS]
        work.note("run.failed", run)
        work.commit()


def give_run_back(database: Database, actor: Actor, run_id: UUID) -> None:
    """Let another worker have a run, as if this one had never tried.

    Raises
    ------
    Refused
        As :func:`finish_run`.
    """
    with database.work(actor) as work:
        run = _ours(work, actor, run_id)
        run.state = RUN.after(RunAction.GIVE_BACK, run.state)
        run.attempts -= 1
        run.worker = run.alive_at = run.begun_at = None
        work.note("run.given_back", run)
        wake(work.session, Task.PLAN_RUNS)
        work.commit()


def _ours(work: Work, actor: Actor, run_id: UUID) -> RunRow:
    run = work.get(RunRow, run_id, lock=True)
    if run.worker != actor.id:
        raise Refused("run.taken-over", worker=run.worker or "")
    return run

"""What is planned and published, and the clocks that run out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from tests.operations.boards import TRAVEL
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import WORKER, Ask, Wish, World

from dispatch.domain.actor import Actor
from dispatch.domain.states.run import PlanState, RunState
from dispatch.operations.credit.miss import note_no_shows
from dispatch.operations.forget import forget
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.expire import expire_offers
from dispatch.operations.publish_plan import publish_plan
from dispatch.operations.push.answer import time_out_pushes
from dispatch.operations.push.unclaimed import push_unclaimed
from dispatch.operations.runs.cancel import cancel_run
from dispatch.operations.runs.finish import fail_run, finish_run, give_run_back
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.say import say_alive
from dispatch.operations.runs.take import take_run
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.store.rows.plans import PlanRow, RunRow


def ask_plan(world: World) -> Wish | None:
    day = world.day
    return Wish(
        world.desk(),
        lambda by: request_run(world.database, by, day, engine="greedy", seconds=30),
        UUID,
        ask=Ask(path="/runs", body={"day": str(day), "engine": "greedy"}),
    )


def work_on_run(world: World) -> Wish | None:
    """Take a run, and finish it, fail it or give it back."""
    fate = float(world.draw.random())

    def do(by: Actor) -> object:
        taken = take_run(world.database, by)
        if taken is None:
            return None
        if fate < 0.1:
            return fail_run(world.database, by, taken.id, "no matrix")
        if fate < 0.2:
            return give_run_back(world.database, by, taken.id)
        say_alive(world.database, by, taken.id, "search", ())
        compiled = compile_day(taken.day, TRAVEL)
        result = Greedy().solve(compiled.problem, Stop(seconds=30), seed=1)
        return finish_run(world.database, by, taken.id, decode(compiled, result, engine="greedy"))

    return Wish(WORKER, do, whole=False)


def publish(world: World) -> Wish | None:
    query = select(PlanRow).where(PlanRow.state == PlanState.DRAFT).order_by(PlanRow.id.desc())
    row = world.any(query)
    expect = world.one_of((None, 3), (0.9, 0.1))
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: publish_plan(world.database, by, row.id, TRAVEL, expect=expect),
        ask=Ask(path=f"/plans/{row.id}/publish", body={}, expected=expect),
    )


def call_off(world: World) -> Wish | None:
    live = (RunState.QUEUED, RunState.SOLVING)
    row = world.any(select(RunRow).where(RunRow.state.in_(live)).order_by(RunRow.id.desc()))
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: cancel_run(world.database, by, row.id),
        NOTHING,
        ask=Ask(path=f"/runs/{row.id}/cancel"),
    )


def look_round(world: World) -> Wish | None:
    """The clocks that run out."""
    database = world.database
    clocks: list[Wish] = [
        Wish(WORKER, lambda by: expire_offers(database, by), int),
        Wish(WORKER, lambda by: time_out_pushes(database, by, TRAVEL), whole=False),
        Wish(WORKER, lambda _: award_offers(database, TRAVEL), whole=False),
        Wish(WORKER, lambda by: push_unclaimed(database, by, TRAVEL), whole=False),
        Wish(WORKER, lambda by: note_no_shows(database, by), whole=False),
        Wish(WORKER, lambda by: forget(database, by), whole=False),
    ]
    return world.one_of(clocks, (0.25, 0.25, 0.25, 0.1, 0.1, 0.05))


PLANNING: dict[Deed, float] = {
    ask_plan: 2,
    work_on_run: 3,
    publish: 3,
    call_off: 0.3,
    look_round: 5,
}
"""How often each is wanted."""

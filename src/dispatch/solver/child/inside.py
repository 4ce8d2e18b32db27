"""The child: reads its order, solves, and says each better solution on the way.

Started as ``python -m dispatch.solver.child.inside MEMORY_BYTES``.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace

from dispatch.solver.child.guards import die_with_parent, ignore_interrupts, limit_memory
from dispatch.solver.child.messages import Message, Order, best, done
from dispatch.solver.child.post import Meetings, Post
from dispatch.solver.child.rehearsal import mark_warm, rehearse
from dispatch.solver.child.sharing import unpack
from dispatch.solver.engine import Sharing, Spreading, Varied
from dispatch.solver.engines import engine_names, load_engine
from dispatch.solver.solution import Solution


def main() -> None:
    """Do what the order on standard input says."""
    ignore_interrupts()
    die_with_parent()
    limit_memory(int(sys.argv[1]))
    say = _speaker()
    try:
        say(_solve(say))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told
        say(Message(kind="failed", text=f"{type(error).__name__}: {error}"))


def _solve(say: Callable[[Message], None]) -> Message:
    order: Order = unpack(pickle.load(sys.stdin.buffer))  # noqa: S301 - from our own parent
    engine = load_engine(order.engine)
    rehearse(engine)
    if order.engine in engine_names():
        mark_warm(order.engine)
    if isinstance(engine, Varied):
        engine.member = order.member
    if isinstance(engine, Spreading):
        engine.cores = order.cores
    sharing = engine if order.meetings and isinstance(engine, Sharing) else None
    post = Post(sys.stdin.buffer)
    say(Message(kind="ready", shares=sharing is not None))
    post.wait_for_go()
    if sharing is not None:
        sharing.exchange = Meetings(order.meetings, order.stop.seconds, post, say)

    def report(_seconds: float, solution: Solution) -> bool:
        say(best(solution))
        return not post.asked_to_stop

    stop = replace(order.stop, called_off=lambda: post.asked_to_stop)
    result = engine.solve(
        order.problem, stop, seed=order.seed, initial=order.initial, report=report
    )
    return done(result)


def _speaker() -> Callable[[Message], None]:
    """Take standard output for messages alone: what libraries print goes to standard error."""
    line = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(message: Message) -> None:
        line.write(message.line())
        line.flush()

    return say


if __name__ == "__main__":
    main()

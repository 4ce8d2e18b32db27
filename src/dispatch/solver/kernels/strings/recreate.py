"""Putting visits back, one after another, each where it costs least."""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board, insert
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import LENGTH
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.insertion import IMPOSSIBLE
from dispatch.solver.kernels.memo import Memo
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import BLINK, SEARCH_ALL
from dispatch.solver.kernels.strings.ground import Floats, Ground
from dispatch.solver.kernels.strings.place import Place, anywhere, near, on_touched, unused
from dispatch.solver.kernels.strings.segments import Tracks, refresh
from dispatch.solver.kernels.strings.tally import ABSENT, POOLED, Tally, look_again, touch
from dispatch.solver.kernels.timing import FINE


@inlined
def recreate(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    tally: Tally,
    prices: Ints,
    worst: int,
    gifts: int,
    subsidy: int,
    habits: Floats,
    luck: Chance,
) -> bool:
    """Place what is worth it, in one of several orders; False if a rule fails after all.

    The first visits of ``gifts`` new routes are charged only a part of what they cost, up to a
    third: a route pays only once it has several visits. Every new route gets ``subsidy`` besides.

    A visit that the current plan leaves out had no place when it was tried last. So mostly it is
    tried only on routes that this iteration has changed.
    """
    sort_pool(ground, tally, luck)
    share = 0.01 + 0.29 * uniform(luck)
    for at in range(tally.counts[POOLED]):
        visit = tally.pool[at]
        price = prices[visit]
        best = Place(price, -1, -1)
        if tally.bank_at[visit] < 0 or uniform(luck) < habits[SEARCH_ALL]:
            blink = habits[BLINK]
            best = near(ground, model, board, memo, tracks, visit, worst, price, blink, luck)
            if best.vehicle < 0:
                best = anywhere(ground, model, board, memo, tracks, visit, worst, price)
        else:
            best = on_touched(ground, model, board, memo, tracks, tally, visit, worst, price)
        if best.vehicle < 0 or gifts > 0:
            limit = best.delta + subsidy
            if gifts > 0:
                limit = int(min(limit / share, float(IMPOSSIBLE)))
            new = unused(ground, model, board, memo, tracks, visit, worst, limit)
            if new.vehicle >= 0:
                best = new
                gifts -= 1
        if best.vehicle >= 0 and not put(
            ground, model, board, tracks, tally, visit, best.vehicle, best.position
        ):
            return False
    return True


@kernel
def ask_all(tally: Tally) -> None:
    """Let all visits that the current plan leaves out try."""
    counts = tally.counts
    for at in range(counts[ABSENT]):
        tally.pool[counts[POOLED] + at] = tally.bank[at]
    counts[POOLED] += counts[ABSENT]


@kernel
def ask_absent(
    ground: Ground, tally: Tally, centre: int, how: int, most: int, luck: Chance
) -> None:
    """Let up to ``most`` visits that the current plan leaves out try, those around a ruin.

    ``how`` they are near: in place, or in place and time, where the gap is that they may fill.

    Elsewhere nothing has changed for them; and neighbours together may be worth a route that none
    of them is worth alone.
    """
    counts = tally.counts
    if counts[ABSENT] == 0:
        return
    wanted = counts[POOLED] + 1 + below(luck, most)
    for at in range(-1, ground.around.shape[2]):
        visit = centre if at < 0 else ground.around[how, centre, at]
        if visit < 0 or counts[POOLED] >= wanted:
            break
        if tally.bank_at[visit] >= 0:
            tally.pool[counts[POOLED]] = visit
            counts[POOLED] += 1


@kernel
def sort_pool(ground: Ground, tally: Tally, luck: Chance) -> None:
    """Into one of the orders, drawn by weight; a short list, so by insertion."""
    draw = uniform(luck) * ground.order_weights[-1]
    order = 0
    while ground.order_weights[order] <= draw:
        order += 1
    for at in range(tally.counts[POOLED]):
        visit = tally.pool[at]
        key = uniform(luck) if order == 0 else ground.order_keys[order, visit]
        to = at
        while to > 0 and tally.keys[to - 1] > key:
            tally.keys[to], tally.pool[to] = tally.keys[to - 1], tally.pool[to - 1]
            to -= 1
        tally.keys[to], tally.pool[to] = key, visit


@inlined
def put(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    tally: Tally,
    visit: int,
    vehicle: int,
    position: int,
) -> bool:
    """Put a visit into a route; answers whether the route still holds."""
    touch(tally, vehicle)
    insert(model, board, vehicle, position, visit)
    for beside in range(max(0, position - 1), min(board.routes[vehicle, LENGTH], position + 2)):
        activity = board.sequence[vehicle, beside]
        if activity < len(model.load):
            look_again(tally, activity)
    return bool(refresh(ground, model, board, tracks, vehicle) == FINE)

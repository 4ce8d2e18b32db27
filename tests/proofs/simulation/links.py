"""What customers do by the links that they were sent, and what dispatchers say to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.proofs.simulation.wanted import NOTHING, WAITING, Deed, jobs_of
from tests.proofs.simulation.world import Ask, NotTheirs, Wish, World

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.customer_link import WishKind, link_parts
from dispatch.domain.payment import ApprovedHow
from dispatch.domain.states.charge import ChargeState
from dispatch.domain.states.job import JobState
from dispatch.domain.states.wish import WishState
from dispatch.domain.window import Window
from dispatch.operations.links import look
from dispatch.operations.links.code import ask_code
from dispatch.operations.links.exchange import exchange_link
from dispatch.operations.links.make import make_link, revoke_link
from dispatch.operations.links.rate import DONE, rate_job
from dispatch.operations.links.wish import TO_DO, decide_wish, make_wish
from dispatch.operations.money.decide import decide_charge
from dispatch.operations.money.held import check_charge
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import LinkRow, RatingRow, WishRow
from dispatch.store.rows.money import ChargeRow


def link(world: World) -> Wish | None:
    """A link is made, or now and then taken back."""
    database = world.database
    if world.draw.random() < 0.1:
        row = world.any(select(LinkRow).order_by(LinkRow.id.desc()))
        if row is None:
            return None
        return Wish(
            world.desk(),
            lambda by: revoke_link(database, by, row.id),
            ask=Ask(method="DELETE", path=f"/links/{row.id}"),
        )
    job = world.any(jobs_of(*WAITING))
    days = int(world.draw.integers(1, 5))
    if job is None:
        return None

    def note(made: Any) -> None:
        text = made["path"].partition("#")[2] if isinstance(made, dict) else made.text
        world.links[link_parts(text)[0]] = text

    return Wish(
        world.desk(),
        lambda by: make_link(database, by, job.id, days=days),
        ask=Ask(path=f"/jobs/{job.id}/links", body={"days": days}),
        then=note,
    )


def open_link(world: World) -> Wish | None:
    """What stands behind the link is exchanged; somebody may have it wrong."""
    known = list(world.links)
    if not known:
        return None
    found = known[-1 - int(len(known) * world.draw.random() ** 2)]
    text = world.links[found] + ("x" if world.draw.random() < 0.1 else "")
    return Wish(
        _customer(found, None),
        lambda _: exchange_link(world.database, text),
        whole=False,  # who has it wrong is counted
        ask=Ask(path="/link/exchange", body={"link": text}),
    )


def look_at_own(world: World) -> Wish | None:
    found = _held(world, ())
    if found is None:
        return None
    row, job = found

    def see(told: Any) -> None:
        if (told["key"] if isinstance(told, dict) else told.key) != job.key:
            raise NotTheirs(f"link {row.id} of {job.key} shows {told}")

    return Wish(
        _customer(row.id, job),
        lambda by: look.look_at_job(world.database, by, row.job_id),
        ask=Ask(method="GET", path="/link"),
        then=see,
    )


def ask_otherwise(world: World) -> Wish | None:
    """Somebody wishes to cancel, or for another window."""
    found = _held(world, TO_DO)
    starts = world.clock() + timedelta(hours=int(world.draw.integers(-1, 28)))
    window = Window(start=starts, end=starts + timedelta(hours=int(world.draw.integers(1, 8))))
    kind = world.one_of(tuple(WishKind), (0.3, 0.7))
    if found is None:
        return None
    row, job = found
    wanted = window if kind is WishKind.WINDOW else None

    def do(by: Actor) -> UUID:
        return make_wish(world.database, by, job.id, row.id, kind=kind, window=wanted, words="so")

    body = {"kind": kind, "words": "so"}
    if wanted is not None:
        body |= {"window_from": wanted.start.isoformat(), "window_to": wanted.end.isoformat()}
    return Wish(_customer(row.id, job), do, UUID, ask=Ask(path="/link/wishes", body=body))


def answer_wish(world: World) -> Wish | None:
    query = select(WishRow).where(WishRow.state == WishState.ASKED)
    row = world.any(query.order_by(WishRow.id.desc()))
    grant = bool(world.draw.random() < 0.7)
    expected = None if row is None else row.version - int(world.draw.random() < 0.1)
    if row is None:
        return None
    return Wish(
        world.desk(),
        lambda by: decide_wish(
            world.database, by, row.id, grant=grant, answer="well", expected=expected
        ),
        NOTHING,
        ask=Ask(
            path=f"/wishes/{row.id}/decide",
            body={"grant": grant, "answer": "well"},
            expected=expected,
        ),
    )


def rate(world: World) -> Wish | None:
    found = _held(world, DONE, rated=world.draw.random() < 0.2)
    stars = int(world.draw.integers(1, 6))
    if found is None:
        return None
    row, job = found
    return Wish(
        _customer(row.id, job),
        lambda by: rate_job(world.database, by, job.id, row.id, stars=stars, words="thank you"),
        UUID,
        ask=Ask(path="/link/rating", body={"stars": stars, "words": "thank you"}),
    )


def want_code(world: World) -> Wish | None:
    found = _held(world, WAITING)
    if found is None:
        return None
    row, job = found

    def note(told: Any) -> None:
        world.codes[job.id] = told["code"] if isinstance(told, dict) else told

    return Wish(
        _customer(row.id, job),
        lambda by: ask_code(world.database, by, job.id),
        ask=Ask(path="/link/code"),
        then=note,
    )


def agree_by_link(world: World) -> Wish | None:
    """Yes or no to a charge of their job; somebody tries one that is not of theirs."""
    query = select(ChargeRow).where(ChargeRow.state == ChargeState.PROPOSED)
    row = world.any(query.order_by(ChargeRow.id.desc()), OWNER)
    found = None if row is None else _held(world, (), job=row.job_id)
    if found is None or world.draw.random() < 0.1:
        found = _held(world, ())
    approve = bool(world.draw.random() < 0.8)
    if row is None or found is None:
        return None
    own, job = found

    def do(by: Actor) -> None:
        check_charge(world.database, by, row.id, job.id)
        decide_charge(
            world.database, by, row.id, approve=approve, customer="Li", how=ApprovedHow.LINK
        )

    def see(_: Any) -> None:
        if row.job_id != job.id:
            raise NotTheirs(f"link {own.id} of {job.key} decides about charge {row.id}")

    return Wish(
        _customer(own.id, job),
        do,
        NOTHING,
        ask=Ask(path=f"/link/charges/{row.id}/decide", body={"approve": approve, "customer": "Li"}),
        then=see,
    )


def _held(
    world: World, states: tuple[JobState, ...], *, job: UUID | None = None, rated: bool = True
) -> tuple[LinkRow, JobRow] | None:
    """A link that is good, and its job, which is in one of these states."""
    query = (
        select(LinkRow)
        .join(LinkRow.job)
        .where(LinkRow.revoked_at.is_(None), LinkRow.expires_at > world.clock())
        .order_by(LinkRow.id.desc())
    )
    if states:
        query = query.where(JobRow.state.in_(states))
    if job is not None:
        query = query.where(LinkRow.job_id == job)
    if not rated:
        query = query.where(~select(RatingRow.id).where(RatingRow.job_id == JobRow.id).exists())
    row = world.any(query, OWNER)
    return None if row is None else (row, world.row(JobRow, row.job_id))


def _customer(link_id: UUID, job: JobRow | None) -> Actor:
    """As who has opened a link is known."""
    own = None if job is None else frozenset((job.outlet_id,))
    return Actor(kind=ActorKind.CUSTOMER, id=str(link_id), source=Source.API, outlets=own)


LINKS: dict[Deed, float] = {
    link: 3,
    open_link: 0.7,
    look_at_own: 0.7,
    ask_otherwise: 2.5,
    answer_wish: 2,
    rate: 1.2,
    want_code: 1.5,
    agree_by_link: 1,
}
"""How often each is wanted."""

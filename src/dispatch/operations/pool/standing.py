"""Who may claim what, by everything but their route."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.credit import level_of
from dispatch.domain.pool import PoolRules
from dispatch.errors import Refused, Value
from dispatch.planning.rules.territory import foreign
from dispatch.store.claims import unfinished, won_since
from dispatch.store.credit import score_of
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work
from dispatch.store.working_day import working_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a technician stands with the pool."""

    open_for_work: bool
    leader: bool
    today: int
    """Offers won on this day: a shift over midnight is of the one on which it begins."""
    claims_a_day: int | None
    unfinished: int
    """Visits by way of the pool that are not over."""
    claims_open: int | None
    score: int
    level: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Why somebody may not have an offer that their route would take, as a code and its values."""

    code: str
    values: dict[str, Value]

    def refused(self) -> Refused:
        """The same as an error."""
        return Refused(self.code, **self.values)


def standing_of(work: Work, technician: TechnicianRow, rules: PoolRules | None = None) -> Standing:
    """Where somebody stands now; their row is held if it is to stay so."""
    rules = rules or rules_of(work.session)
    day = working_day(work.session, technician.id, work.now)
    score = score_of(work, technician.id)
    return Standing(
        open_for_work=technician.active and technician.open_for_work,
        leader=technician.leader,
        today=won_since(work, technician.id, day.since),
        claims_a_day=_own(technician.claims_a_day, rules.claims_a_day),
        unfinished=unfinished(work, technician.id),
        claims_open=_own(technician.claims_open, rules.claims_open),
        score=score,
        level=level_of(score),
    )


def bar(standing: Standing, technician: TechnicianRow, offer: OfferRow) -> Bar | None:
    """The first rule that keeps somebody from an offer, of those that are not about their route."""
    if not standing.open_for_work:
        return Bar("claim.closed", {"technician": technician.key})
    if offer.min_score is not None and standing.score < offer.min_score:
        return Bar("claim.score", {"score": standing.score, "least": offer.min_score})
    most = standing.claims_a_day
    if most is not None and standing.today >= most:
        return Bar("claim.daily", {"count": standing.today, "most": most})
    most = standing.claims_open
    if most is not None and standing.unfinished >= most:
        return Bar("claim.unfinished", {"count": standing.unfinished, "most": most})
    return None


def is_abroad(rules: PoolRules, technician: TechnicianRow, area: str | None) -> bool:
    """Whether an area is none of somebody's territories, and they may not leave them."""
    own = tuple(technician.said.get("territories", ()))
    return rules.territories_hold and foreign(area, own)


def _own(theirs: int | None, usual: int | None) -> int | None:
    return usual if theirs is None else theirs

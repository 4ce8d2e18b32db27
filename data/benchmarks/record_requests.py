"""The requests that are measured: what there is to ask of a record, in an order that is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

import numpy as np
import psycopg

from record_rows import DISPATCHER, MANAGER, Record
from record_wishes import Wish

STEPS = ("depart", "check_in", "start", "complete")
VISITS = 5
"""Of one batch: a morning without a signal."""
OFFERS = r"""
SELECT offer.id, offer.visit_id, stands.technician_id
FROM offer
JOIN visit ON visit.id = offer.visit_id
JOIN job ON job.id = visit.job_id
JOIN job AS model ON model.key = regexp_replace(job.key, '\+\d+$', '')
JOIN visit AS stands ON stands.job_id = model.id
JOIN technician ON technician.id = stands.technician_id
JOIN site ON site.id = job.site_id
LEFT JOIN territory ON territory.id = site.territory_id
WHERE offer.state = 'open' AND offer.expires_at < %s
AND coalesce(technician.said -> 'territories' ? territory.key, true)
ORDER BY offer.id
"""
"""Those of the earlier days, with whoever has room for them and may work there."""
ROUTES = """
SELECT visit.technician_id, array_agg(visit.id ORDER BY visit.start_at), min(visit.start_at)
FROM visit JOIN job ON job.id = visit.job_id
WHERE visit.state = 'dispatched' AND visit.start_at >= %s
GROUP BY visit.technician_id, visit.start_at::date
HAVING count(*) >= %s
ORDER BY 1, 3
"""
PLACES = """
SELECT visit.id, site.lat, site.lon
FROM visit JOIN job ON job.id = visit.job_id JOIN site ON site.id = job.site_id
WHERE visit.start_at >= %s
"""


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads are as good as often as one likes; claims and batches once each."""

    who: Wish
    """Who one is: the least that is asked of the record."""
    routes: Sequence[Wish]
    boards: Sequence[Wish]
    claims: Sequence[Wish]
    batches: Sequence[Wish]
    candidates: Sequence[Wish]
    manager: str
    """The token of somebody who may bring in whatever a day has."""


def requests(
    record: Record, tokens: Mapping[str, str], connection: psycopg.Connection[Any], seed: int = 1
) -> Requests:
    """All of them; claims on the earlier of the days ahead, batches on the later ones.

    Parameters
    ----------
    tokens
        By login.
    """
    days = (*record.past, *record.ahead)
    theirs = {technician: tokens[login] for login, technician in record.logins.items()}
    half = datetime.combine(record.ahead[len(record.ahead) // 2], time(), UTC)
    offers = connection.execute(OFFERS, [half]).fetchall()
    routes = connection.execute(ROUTES, [half, VISITS]).fetchall()
    places = {visit: (lat, lon) for visit, lat, lon in connection.execute(PLACES, [half])}
    connection.rollback()
    desk = tokens[DISPATCHER]
    generator = np.random.default_rng(seed)

    def drawn(wishes: Sequence[Wish]) -> Sequence[Wish]:
        return [wishes[at] for at in generator.permutation(len(wishes))]

    return Requests(
        who=Wish("GET", "/v1/me", desk),
        routes=drawn(
            [
                Wish("GET", f"/v1/me/route?day={day}", token)
                for technician, token in theirs.items()
                for day in days
                if technician is not None
            ]
        ),
        boards=drawn([Wish("GET", f"/v1/boards/{day}", desk, fine=_has_routes) for day in days]),
        claims=drawn(
            [
                Wish(
                    "POST",
                    f"/v1/me/pool/{offer}/claim",
                    theirs[technician],
                    claims=(offer, technician),
                )
                for offer, _, technician in offers
            ]
        ),
        batches=drawn(
            [
                Wish(
                    "POST",
                    "/v1/me/actions",
                    theirs[technician],
                    _batch(visits[:VISITS], at, places),
                    fine=_applied,
                )
                for technician, visits, at in routes
            ]
        ),
        manager=tokens[MANAGER],
        candidates=[
            Wish("GET", f"/v1/visits/{visit}/candidates", desk) for _, visit, _ in offers[:3]
        ],
    )


def _batch(
    visits: Sequence[UUID], at: datetime, places: Mapping[UUID, tuple[float, float]]
) -> Mapping[str, object]:
    """All that is said of some visits, one after another, each from its site."""
    actions = [
        {"kind": kind, "visit": str(visit), "happened_at": at.isoformat()}
        | {"position": dict(zip(("lat", "lon"), places[visit], strict=True))}
        for visit in visits
        for kind in STEPS
    ]
    numbered = [{"sequence": number, **one} for number, one in enumerate(actions, start=1)]
    return {"device": f"phone-{visits[0]}", "sent_at": at.isoformat(), "actions": numbered}


def _has_routes(told: Mapping[str, object]) -> bool:
    return bool(told["routes"])


def _applied(told: Sequence[Mapping[str, object]]) -> bool:
    return all(one["outcome"] == "applied" for one in told)

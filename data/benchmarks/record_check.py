"""How long it takes to see whether a visit fits a technician's route, without asking anybody."""

from __future__ import annotations

from time import perf_counter
from uuid import UUID

from dispatch.operations.pool.route import route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import day_to_do
from dispatch.store.rows.pool import OfferRow
from record_rows import OPERATOR
from record_statements import Overheard


def check_s(database: Overheard, travel: TravelTimes, offer: UUID, technician: UUID) -> float:
    """Seconds, from when the route has been read until it is known how the visit goes in."""
    with database.heard(), database.work(OPERATOR) as work:
        job = work.get(OfferRow, offer).visit.job
        day = day_to_do(work.session, job, work.now)
        route = route_day(work, technician, [job.id], day.span, travel)
        begin = perf_counter()
        route.fit(job.key)
        return perf_counter() - begin

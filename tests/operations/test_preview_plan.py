"""A preview says what publishing then does, and does nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, Desk
from tests.operations.pools import person, visit_of
from tests.operations.test_broken_routes import desk, edited, late, stand
from tests.planning.made import at

from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused, Stale
from dispatch.operations.preview_plan import Change, Preview, preview_plan
from dispatch.operations.publish_plan import PROMISE_S
from dispatch.store.database import Database
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow

__all__ = ["desk"]


def preview(database: Database, plan: UUID) -> Preview:
    return preview_plan(database, OWNER, plan, TRAVEL, promise_s=PROMISE_S)


def promises(database: Database) -> dict[str, tuple[object, object]]:
    found = {}
    for name in ("J1", "J2", "J3", "J4"):
        row = visit_of(database, name)
        found[name] = (row.promised_from, row.promised_to)
    return found


def fall_ill(database: Database, key: str) -> None:
    with database.work(OWNER) as work:
        away = AbsenceRow(start_at=at(0), end_at=at(24), reason="ill")
        ill = work.by_key(TechnicianRow, key)
        ill.absences.append(away)
        work.commit()


def promise(database: Database, name: str, start: float, end: float) -> None:
    with database.work(OWNER) as work:
        row = work.get(VisitRow, visit_of(database, name).id)
        row.promised_from, row.promised_to = at(start), at(end)
        work.commit()


@pytest.mark.parametrize("case", ["first", "ill", "late", "broken", "promised"])
def test_what_is_told_is_what_is_done(
    desk: Desk, database: Database, clock: SetClock, case: str
) -> None:
    early = desk.plan() if case == "broken" else None
    if case == "ill":
        fall_ill(database, "T2")
    elif case == "late":
        late(database, clock)
    elif case == "broken":
        edited(database, clock)
    elif case == "promised":
        promise(database, "J3", 14, 15)
    plan = early or desk.plan()
    before, told_before = stand(database), promises(database)
    found = preview(database, plan)
    assert (stand(database), promises(database)) == (before, told_before)
    published = desk.publish(plan, expect=found.board_version)
    after, told_after = stand(database), promises(database)
    assert published.conflicts == found.conflicts
    told = {entry.job: entry for entry in found.visits}
    ids = {person(database, key): key for key in ("T1", "T2", "T3")}
    for name, entry in told.items():
        assert (entry.technician, entry.start) == (_who(ids, before[name]), before[name][3])
        assert (entry.technician_then, entry.start_then) == (_who(ids, after[name]), after[name][3])
        assert (entry.promised_from_then, entry.promised_to_then) == told_after[name]
    for name in before.keys() - told.keys():
        assert (before[name][0], before[name][3]) == (after[name][0], after[name][3])
    expected = {"ill": Change.SWAPPED, "late": Change.DROPPED, "promised": Change.PROMISE_MOVED}
    assert found.counts[expected.get(case, Change.PLACED)] >= 1
    assert found.counts == {
        kind: sum(kind in entry.changes for entry in found.visits) for kind in Change
    }


def _who(ids: dict[UUID, str], where: tuple[object, ...]) -> str | None:
    return None if where[0] is None else ids[where[0]]  # type: ignore[index]


def test_what_has_changed_since_is_not_published_unseen(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    plan = desk.plan()
    found = preview(database, plan)
    edited(database, clock)
    with pytest.raises(Stale):
        desk.publish(plan, expect=found.board_version)
    clock.now += timedelta(minutes=1)
    again = preview(database, plan)
    assert again.board_version > found.board_version
    assert {entry.why for entry in again.conflicts} >= {"breaks"}


def test_what_is_published_has_no_preview(desk: Desk, database: Database) -> None:
    plan = desk.plan()
    desk.publish(plan)
    assert visit_of(database, "J4").state is VisitState.SCHEDULED
    with pytest.raises(Refused):
        preview(database, plan)

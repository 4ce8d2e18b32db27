"""Nobody sees what is not theirs, whatever the query."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased, joinedload, selectinload
from tests.databases import OWNER

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JobState
from dispatch.errors import Missing
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.base import Owned, Row, Scoped
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow

UNSCOPED = {
    *("alembic_version", "board", "event", "event_head"),
    *("job_type", "organisation", "outlet", "outlet_reach", "service_item", "skill"),
    *("pool_rules", "territory"),
    # asked for before anybody is known; accounts are the owner's, who sees everything;
    # a feed is its account's; keys are narrowed in a way of their own
    *("account", "account_outlet", "calendar_feed", "integration", "receipt", "sign_in"),
    *("link_token", "pending_sign_in", "unknown_login"),
    # seen by whoever sees their customer, or their site
    *("asset", "contact"),
    # read only by way of a technician, who is scoped
    *("absence", "shift", "technician_skill"),
}
"""Tables that belong to the whole network, or hang on a row that is scoped."""


@pytest.fixture
def outlets(database: Database) -> dict[str, UUID]:
    """Headquarters over north and south, and a branch under north, each with a technician."""
    above = {"hq": None, "north": "hq", "south": "hq", "branch": "north"}
    ids = {key: new_id() for key in above}
    with database.work(OWNER) as work:
        for key, parent in above.items():
            row = OutletRow(id=ids[key], key=key, parent_id=ids[parent] if parent else None)
            work.session.add(row)
            work.session.flush()
        renew_reach(work.session)
        for key, outlet in ids.items():
            work.session.add(TechnicianRow(key=f"T-{key}", outlet_id=outlet, said={}))
        work.commit()
    return ids


def of(*outlets: UUID) -> Actor:
    return replace(OWNER, outlets=frozenset(outlets))


def test_every_table_is_scoped_or_known_not_to_be() -> None:
    scoped = {
        mapper.class_.__tablename__
        for mapper in Row.registry.mappers
        if issubclass(mapper.class_, Scoped | Owned)
    }
    assert scoped.isdisjoint(UNSCOPED)
    assert set(Row.metadata.tables) <= scoped | UNSCOPED


@pytest.mark.parametrize(
    ("seen_from", "seen"),
    [
        ("hq", {"T-hq", "T-north", "T-south", "T-branch"}),
        ("north", {"T-north", "T-branch"}),
        ("south", {"T-south"}),
        ("branch", {"T-branch"}),
    ],
)
def test_an_outlet_sees_itself_and_what_is_below(
    database: Database, outlets: dict[str, UUID], seen_from: str, seen: set[str]
) -> None:
    with database.work(of(outlets[seen_from])) as work:
        other = aliased(TechnicianRow)
        assert set(work.session.scalars(select(TechnicianRow.key))) == seen
        assert set(work.session.scalars(select(other.key))) == seen
        assert work.session.scalar(select(func.count()).select_from(TechnicianRow)) == len(seen)
        rows = select(OutletRow).join(TechnicianRow, TechnicianRow.outlet_id == OutletRow.id)
        assert {f"T-{row.key}" for row in work.session.scalars(rows)} == seen


def test_without_outlets_nothing_is_seen(database: Database, outlets: dict[str, UUID]) -> None:
    with database.work(of()) as work:
        assert work.session.scalars(select(TechnicianRow)).all() == []


def test_what_is_not_seen_is_missing(database: Database, outlets: dict[str, UUID]) -> None:
    with database.work(of(outlets["south"])) as work:
        assert work.by_key(TechnicianRow, "T-south")
        with pytest.raises(Missing) as hidden:
            work.by_key(TechnicianRow, "T-north")
        with pytest.raises(Missing) as nowhere:
            work.by_key(TechnicianRow, "T-nobody")
    assert hidden.value.code == nowhere.value.code


def test_what_is_not_seen_is_not_changed(database: Database, outlets: dict[str, UUID]) -> None:
    with database.work(of(outlets["south"])) as work:
        work.session.execute(update(TechnicianRow).values(name="changed"))
        work.session.execute(delete(TechnicianRow).where(TechnicianRow.key == "T-hq"))
        work.commit()
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(TechnicianRow)).all()
        assert {row.key for row in rows if row.name == "changed"} == {"T-south"}
        assert len(rows) == 4


def test_one_session_after_another_sees_its_own(
    database: Database, outlets: dict[str, UUID]
) -> None:
    """A compiled statement is kept; the outlets in it are not."""
    seen = []
    for key in ("north", "south", "north"):
        with database.work(of(outlets[key])) as work:
            query = select(TechnicianRow).options(selectinload(TechnicianRow.shifts))
            seen.append({row.key for row in work.session.scalars(query)})
    assert seen == [{"T-north", "T-branch"}, {"T-south"}, {"T-north", "T-branch"}]


def test_nobody_writes_for_an_outlet_that_is_not_theirs(
    database: Database, outlets: dict[str, UUID]
) -> None:
    with database.work(of(outlets["south"])) as work:
        work.session.add(TechnicianRow(key="T-spy", outlet_id=outlets["north"], said={}))
        with pytest.raises(Missing):
            work.commit()
    with database.work(of(outlets["south"])) as work:
        work.by_key(TechnicianRow, "T-south").outlet_id = outlets["north"]
        with pytest.raises(Missing):
            work.commit()


def test_what_hangs_on_a_technician_is_seen_with_them(
    database: Database, outlets: dict[str, UUID]
) -> None:
    with database.work(OWNER) as work:
        for row in work.session.scalars(select(TechnicianRow)):
            start = datetime(2026, 3, 2, 8, tzinfo=UTC)
            end = start + timedelta(hours=8)
            row.shifts.append(ShiftRow(key="day", start_at=start, end_at=end, said={}))
            work.record(Event(kind="technician.added", subject=row.id, outlet=row.outlet_id))
        work.commit()
    with database.work(of(outlets["south"])) as work:
        assert len(work.session.scalars(select(ShiftRow)).all()) == 1
        kinds = work.session.scalars(select(EventRow.kind).order_by(EventRow.number))
        assert list(kinds) == ["technician.added", "technician.added", "shift.added"]
        work.session.execute(update(ShiftRow).values(key="stolen"))
        work.commit()
    with database.work(OWNER) as work:
        keys = [row.key for row in work.session.scalars(select(ShiftRow))]
        assert sorted(keys) == ["day", "day", "day", "stolen"]


def test_a_job_that_is_seen_has_its_site_whoever_takes_care_of_that(database: Database) -> None:
    """Loaded with it, and later; by itself it is not there."""
    with database.work(OWNER) as work:
        top = root_of(work.session)
        branch = OutletRow(key="branch", parent_id=top.id)
        work.session.add(branch)
        renew_reach(work.session)
        site = SiteRow(key="east", lat=1, lon=2, outlet_id=top.id)
        job_type = JobTypeRow(key="repair", said={"duration_s": 60}, checklist=[])
        work.session.add_all([site, job_type])
        work.session.flush()
        job = JobRow(
            key="J1",
            type_id=job_type.id,
            site_id=site.id,
            state=JobState.OPEN,
            outlet_id=branch.id,
            earliest=work.now,
            latest=work.now,
            said={},
        )
        work.session.add(job)
        work.commit()
    theirs = replace(OWNER, outlets=frozenset((branch.id,)))
    for options in ((), (joinedload(JobRow.site),)):
        with database.work(theirs) as work:
            (found,) = work.session.scalars(select(JobRow).options(*options))
            assert found.site.key == "east"
    with database.work(theirs) as work:
        assert work.session.scalars(select(SiteRow)).all() == []
        assert work.session.scalars(select(JobRow).where(JobRow.site.has())).all() == []

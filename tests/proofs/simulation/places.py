"""The rest of the network: outlets, territories, the skill list, job types and sites."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.planning.made import spot
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import MANAGER, Ask, Wish, World

from dispatch.domain.completion import Confirmation, Demands, Scan
from dispatch.domain.job import JobType
from dispatch.domain.site import Site
from dispatch.operations.catalogue.job_types import Template, change_job_type, create_job_type
from dispatch.operations.customers.sites import (
    Asset,
    SiteFacts,
    change_asset,
    create_asset,
    create_site,
)
from dispatch.operations.network.organisation import OrganisationEdit, change_organisation
from dispatch.operations.network.outlets import (
    OutletFacts,
    change_outlet,
    close_outlet,
    create_outlet,
    reopen_outlet,
)
from dispatch.operations.network.skill_list import (
    create_skill,
    rename_skill,
    restore_skill,
    retire_skill,
)
from dispatch.operations.network.territories import create_territory, rename_territory
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.organisation import organisation_of
from dispatch.store.rows.customers import AssetRow, SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.technicians import SkillRow

MOST = 6
"""Branches, skills, territories and job types besides those that there are at first."""


def outlet(world: World) -> Wish | None:
    """A branch is opened, moved, closed, or open again; those of the first day mostly stay."""
    database, draw = world.database, world.draw
    with database.work(OWNER) as work:
        rows = list(work.session.scalars(select(OutletRow).order_by(OutletRow.id)))
    row, above = rows[int(draw.integers(len(rows)))], rows[int(draw.integers(len(rows)))]
    if draw.random() < 0.7:
        row = rows[-1]
    if len(rows) < MOST and draw.random() < 0.5:
        facts = OutletFacts(name="Branch", position=spot(2, 2), parent=above.id)
        body = {"id": f"O{world.number}", "name": "Branch", "parent": str(above.id)}
        return Wish(
            MANAGER,
            lambda by: create_outlet(database, by, f"O{world.number}", facts),
            UUID,
            ask=Ask(path="/outlets", body=body | {"lat": 0.02, "lon": 0.02}),
        )
    if draw.random() < 0.4:
        expected = row.version - int(draw.random() < 0.1)
        facts = OutletFacts(
            name=f"Branch {world.number}",
            parent=above.id if draw.random() < 0.3 else row.parent_id,
        )
        return Wish(
            MANAGER, lambda by: change_outlet(database, by, row.id, facts, expected=expected)
        )
    if row.active:
        return Wish(
            MANAGER,
            lambda by: close_outlet(database, by, row.id, why="too dear"),
            NOTHING,
            ask=Ask(path=f"/outlets/{row.id}/close", body={"why": "too dear"}),
        )
    return Wish(
        MANAGER,
        lambda by: reopen_outlet(database, by, row.id),
        NOTHING,
        ask=Ask(path=f"/outlets/{row.id}/reopen"),
    )


def territory(world: World) -> Wish | None:
    database = world.database
    row = world.any(select(TerritoryRow).order_by(TerritoryRow.id.desc()), OWNER)
    if row is None or world.draw.random() < 0.4:
        key = f"area-{world.number % MOST}"
        return Wish(MANAGER, lambda by: create_territory(database, by, key, name="Area"), UUID)
    expected = row.version - int(world.draw.random() < 0.1)
    return Wish(
        world.one_of((MANAGER, world.desk())),
        lambda by: rename_territory(database, by, row.id, "Area", expected=expected),
    )


def skill_list(world: World) -> Wish | None:
    """A skill is added, called otherwise, retired, or given again."""
    database, number = world.database, world.number
    row = world.any(select(SkillRow).order_by(SkillRow.id.desc()), OWNER)
    if row is None or world.draw.random() < 0.3:
        key = f"skill-{number % MOST}"
        return Wish(
            MANAGER,
            lambda by: create_skill(database, by, key, name="Skill"),
            UUID,
            ask=Ask(path="/skills", body={"id": key, "name": "Skill"}),
        )
    if not row.active:
        return Wish(
            MANAGER,
            lambda by: restore_skill(database, by, row.id),
            NOTHING,
            ask=Ask(path=f"/skills/{row.id}/restore"),
        )
    if world.draw.random() < 0.5:
        return Wish(
            MANAGER,
            lambda by: rename_skill(database, by, row.id, "Skill", expected=row.version),
        )
    if not row.key.startswith("skill-") and world.draw.random() < 0.8:
        return None
    return Wish(MANAGER, lambda by: retire_skill(database, by, row.id, why="old"), NOTHING)


def job_type(world: World) -> Wish | None:
    """Another is ordered from now on, or something else is to be shown when its work is done."""
    database, draw = world.database, world.draw
    demands = Demands(
        confirmation=world.one_of(tuple(Confirmation)),
        photos=int(draw.integers(0, 2)),
        scan=world.one_of(tuple(Scan)),
    )
    with database.work(OWNER) as work:
        rows = list(work.session.scalars(select(JobTypeRow).order_by(JobTypeRow.id)))
        row = rows[int(draw.integers(len(rows)))]
        known = JobTypes().read(row, Frame(work.session, Span(work.now, work.now)))
    if len(rows) < MOST and draw.random() < 0.3:
        new = Template(job_type=JobType(id=f"type-{world.number}", duration_s=1_200))
        return Wish(MANAGER, lambda by: create_job_type(database, by, new), UUID)
    expected = row.version - int(draw.random() < 0.1)
    template = Template(job_type=known, demands=demands)
    return Wish(
        MANAGER,
        lambda by: change_job_type(database, by, row.id, template, expected=expected),
    )


def site(world: World) -> Wish | None:
    """A new site, and what stands there, or where it stands now."""
    database, number = world.database, world.number
    chance = world.draw.random()
    if chance < 0.3:
        facts = SiteFacts(site=Site(id=f"P{number}", position=spot(3, 3)))
        key = world.one_of(("north", "south"))
        return Wish(world.desk(), lambda by: create_site(database, by, facts, outlet=key), UUID)
    place = world.any(select(SiteRow).order_by(SiteRow.key))
    row = world.any(select(AssetRow).order_by(AssetRow.id.desc()))
    if place is None:
        return None
    asset = Asset(site=place.key, product="pump")
    if row is None or chance < 0.6:
        return Wish(world.desk(), lambda by: create_asset(database, by, f"P-{number}", asset), UUID)
    expected = row.version - int(world.draw.random() < 0.1)
    return Wish(
        world.desk(), lambda by: change_asset(database, by, row.id, asset, expected=expected)
    )


def house(world: World) -> Wish | None:
    """What the network is called, and what an hour costs."""
    with world.database.work(OWNER) as work:
        version = organisation_of(work.session).version
    edit = OrganisationEdit(
        name=f"Network {world.number}",
        prices={"wage_minor_per_h": int(world.draw.integers(3_000, 4_000))},
    )
    expected = version - int(world.draw.random() < 0.1)
    return Wish(
        OWNER,
        lambda by: change_organisation(world.database, by, edit, expected=expected),
        NOTHING,
    )


PLACES: dict[Deed, float] = {
    outlet: 0.8,
    territory: 0.2,
    skill_list: 0.3,
    job_type: 0.3,
    site: 0.5,
    house: 0.1,
}
"""How often each is wanted."""

"""Whoever sees a part of the network imports sites and jobs of their own, and learns nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.databases import OWNER
from tests.planning.made import REPAIR, at, day, held, job, shift, spot, technician

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence, Anchor, AnchorKind
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import Skill
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.errors import InvalidInput, Missing, Refused
from dispatch.operations.import_day import Imported, import_day
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.reach import renew_reach
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

SOUTH = Outlet(id="south", position=spot(5))
BRANCH = Outlet(id="branch", position=spot(6), parent="south")
NORTH = Outlet(id="north", position=spot(7))
OUTLETS = (SOUTH, BRANCH, NORTH)
OURS = technician("T1", outlet="south", skills=(held(),))
THEIRS = technician("T2", outlet="north")
OPEN = Anchor(kind=AnchorKind.OPEN)
KNOCK = Site(id="knock", position=spot(3), name="Knock twice")


def whole() -> Day:
    """What headquarters has set up: two outlets and their people, and a job of the north."""
    return day(
        [job("J-north", site="far")], [OURS, THEIRS], outlets=OUTLETS, skills=(Skill(id="gas"),)
    )


def part(*jobs: Any, **more: Any) -> Day:
    """A file of the south: a site of its own, and whatever it has to name."""
    usual: dict[str, Any] = {"sites": (KNOCK,), "territories": (), "skills": ()}
    people = more.pop("technicians", ())
    return day(list(jobs) or [job("J1", site="knock")], list(people), **(usual | more))


@pytest.fixture
def south(database: Database) -> Actor:
    import_day(database, OWNER, whole(), outlet="north")
    with database.work(OWNER) as work:
        return replace(OWNER, outlets=frozenset((work.by_key(OutletRow, "south").id,)))


def events(database: Database) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(EventRow)) or 0


def refused(database: Database, actor: Actor, given: Day, **more: Any) -> list[tuple[str, str]]:
    """Codes and pointers; nothing is left behind."""
    before = events(database)
    for preview in (True, False):
        with pytest.raises(InvalidInput) as told:
            import_day(database, actor, given, preview=preview, **more)
    assert events(database) == before
    return [(one.code, one.place.pointer or "") for one in told.value.findings]


def outlet_of(database: Database, table: type[JobRow | SiteRow], key: str) -> str | None:
    with database.work(OWNER) as work:
        row = work.by_key(table, key)
        return work.get(OutletRow, row.outlet_id).key if row.outlet_id else None


def counts(imported: Imported, kind: str) -> tuple[int, int, int]:
    merged = imported.kinds[kind]
    return merged.added, merged.changed, merged.same


def test_jobs_and_sites_of_ones_own_come_in_and_are_changed(
    database: Database, south: Actor
) -> None:
    preview = import_day(database, south, part(), preview=True)
    with database.work(OWNER) as work:
        assert work.session.scalar(select(JobRow.id).where(JobRow.key == "J1")) is None
    assert import_day(database, south, part()) == preview
    assert counts(preview, "job") == counts(preview, "site") == (1, 0, 0)
    assert outlet_of(database, JobRow, "J1") == outlet_of(database, SiteRow, "knock") == "south"
    urgent = part(job("J1", site="knock", priority=1), sites=(replace(KNOCK, name="Ring"),))
    changed = import_day(database, south, urgent)
    assert counts(changed, "job") == counts(changed, "site") == (0, 1, 0)
    again = events(database)
    assert counts(import_day(database, south, urgent), "job") == (0, 0, 1)
    assert events(database) == again
    with database.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


def test_they_may_be_an_outlets_below(database: Database, south: Actor) -> None:
    import_day(database, south, part(), outlet="branch")
    assert outlet_of(database, JobRow, "J1") == "branch"


def test_and_of_no_other_outlet(database: Database, south: Actor) -> None:
    for outlet in ("north", "nowhere"):
        with pytest.raises(Missing):
            import_day(database, south, part(), outlet=outlet)


def test_who_has_two_outlets_says_which(database: Database, south: Actor) -> None:
    with database.work(OWNER) as work:
        keys = ("south", "north")
        both = frozenset(work.by_key(OutletRow, key).id for key in keys)
    with pytest.raises(Refused) as told:
        import_day(database, replace(south, outlets=both), part())
    assert told.value.code == "run.which-outlet"
    import_day(database, replace(south, outlets=both), part(), outlet="north")
    assert outlet_of(database, JobRow, "J1") == "north"


def test_nothing_new_comes_to_a_closed_outlet(database: Database, south: Actor) -> None:
    with database.work(OWNER) as work:
        work.by_key(OutletRow, "branch").active = False
        work.commit()
    for actor in (south, OWNER):
        with pytest.raises(Refused) as told:
            import_day(database, actor, part(), outlet="branch")
        assert told.value.code == "outlet.closed"


def test_what_is_not_theirs_may_be_named_by_its_id(database: Database, south: Actor) -> None:
    before = events(database)
    given = part(
        job("J1", site="knock", preferred_technicians=("T1",)),
        technicians=[Technician(id="T1")],
        skills=(Skill(id="gas"),),
        territories=(Territory(id="right"),),
        sites=(replace(KNOCK, territory="right"),),
    )
    done = import_day(database, south, given)
    assert counts(done, "technician") == counts(done, "skill") == (0, 0, 1)
    other = replace(given, policy=Policy(), zone="UTC")  # as read of a file that names neither
    assert counts(import_day(database, south, other, named=frozenset()), "job") == (0, 0, 1)
    with database.work(OWNER) as work:
        query = select(EventRow.kind).where(EventRow.number > before)
        assert set(work.session.scalars(query)) == {"site.added", "job.added", "visit.added"}


def test_or_as_the_record_has_it(database: Database, south: Actor) -> None:
    given = part(
        technicians=[OURS],
        outlets=OUTLETS,
        skills=(Skill(id="gas"),),
        territories=whole().territories,
    )
    done = import_day(database, south, given)
    assert counts(done, "outlet") == (0, 0, 3)
    assert counts(done, "job_type") == counts(done, "technician") == (0, 0, 1)


BUSY = Absence(start=at(9), end=at(10))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"zone": "UTC"}, ["/zone"]),
        ({"policy": Policy(wage_minor_per_h=1)}, ["/policy/wage_minor_per_h"]),
        ({"policy": replace(whole().policy, currency="CNY")}, ["/policy/currency"]),
        ({"speeds": (Speed(start="08:00", end="09:00", percent=50),)}, ["/speeds"]),
        ({"skills": (Skill(id="gas", name="Gas!"), Skill(id="new"))}, ["/skills/0", "/skills/1"]),
        ({"territories": (Territory(id="left", name="x"),)}, ["/territories/0"]),
        ({"territories": (Territory(id="new"),)}, ["/territories/0"]),
        ({"outlets": (replace(SOUTH, position=spot(9)),)}, ["/outlets/0"]),
        ({"outlets": (SOUTH, Outlet(id="new", position=spot(), parent="south"))}, ["/outlets/1"]),
        ({"outlets": (SOUTH, replace(NORTH, parent="south"))}, ["/outlets/1"]),
        ({"job_types": (replace(REPAIR, duration_s=60),)}, ["/job_types/0"]),
        ({"job_types": (REPAIR, replace(REPAIR, id="new"))}, ["/job_types/1"]),
        ({"technicians": [Technician(id="T1", name="Tomas")]}, ["/technicians/0"]),
        ({"technicians": [replace(OURS, shifts=(shift(9),))]}, ["/technicians/0"]),
        ({"technicians": [replace(OURS, absences=(BUSY,))]}, ["/technicians/0"]),
        ({"technicians": [replace(OURS, outlet="north")]}, ["/technicians/0"]),
        ({"technicians": [replace(OURS, skills=(held(level=5),))]}, ["/technicians/0"]),
    ],
    ids=map(str, count()),
)
def test_what_is_not_theirs_is_not_changed(
    database: Database, south: Actor, more: dict[str, Any], expected: list[str]
) -> None:
    named: dict[str, Any] = {"outlets": OUTLETS, "skills": (Skill(id="gas"),)}
    told = refused(database, south, part(**(named | more)))
    assert told == [("import.not-yours", pointer) for pointer in expected]


def test_a_technician_of_others_is_as_little_there_as_one_who_is_nobody(
    database: Database, south: Actor
) -> None:
    for one in (THEIRS, Technician(id="T2"), Technician(id="T9"), technician("T9")):
        given = part(technicians=[replace(one, outlet=None, home=spot())])
        assert refused(database, south, given) == [("store.missing", "/technicians/0")]


def test_a_job_or_a_site_of_others_stays_theirs(database: Database, south: Actor) -> None:
    given = part(
        job("J-north", site="far", priority=1),
        sites=(KNOCK, Site(id="far", position=spot(1), name="ours now")),
    )
    assert refused(database, south, given) == [
        ("import.taken", "/sites/1/id"),
        ("import.taken", "/jobs/0/id"),
    ]
    assert outlet_of(database, JobRow, "J-north") == "north"
    with database.work(OWNER) as work:
        assert work.by_key(SiteRow, "far").name == ""


def test_a_site_of_everybody_may_be_used_and_not_moved(database: Database, south: Actor) -> None:
    with database.work(OWNER) as work:
        work.by_key(SiteRow, "far").outlet_id = None
        work.commit()
    (far,) = [site for site in whole().sites if site.id == "far"]
    moved = part(job("J1", site="far"), sites=(replace(far, position=spot()),))
    assert refused(database, south, moved) == [("import.not-yours", "/sites/0")]
    done = import_day(database, south, part(job("J1", site="far"), sites=(KNOCK, far)))
    assert counts(done, "site") == (1, 0, 1)
    assert outlet_of(database, SiteRow, "far") is None


def test_everything_is_told_at_once(database: Database, south: Actor) -> None:
    given = part(job("J-north", site="knock"), skills=(Skill(id="new"),), zone="UTC")
    assert [code for code, _ in refused(database, south, given)] == [
        "import.not-yours",
        "import.not-yours",
        "import.taken",
    ]


def test_warnings_do_not_speak_of_technicians_who_are_not_in_the_file(
    database: Database, south: Actor
) -> None:
    assert import_day(database, south, part(), preview=True).findings == ()
    assert import_day(database, OWNER, part(), preview=True).findings != ()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"skills": (Skill(id="gas"), Skill(id="new"))}, ("import.not-yours", "/skills/1")),
        (
            {"technicians": (replace(OURS, skills=(held(level=5),)), THEIRS)},
            ("import.not-yours", "/technicians/0"),
        ),
        ({"technicians": (OURS, THEIRS, technician("T3"))}, ("store.missing", "/technicians/2")),
        (
            {"outlets": (replace(SOUTH, position=spot(9)), BRANCH, NORTH)},
            ("import.not-yours", "/outlets/0"),
        ),
        (
            {"job_types": (replace(REPAIR, duration_s=60),)},
            ("import.not-yours", "/job_types/0"),
        ),
    ],
)
def test_a_desk_that_sees_everything_does_not_change_the_network_by_a_file(
    database: Database, south: Actor, changed: dict[str, Any], found: tuple[str, str]
) -> None:
    given = replace(whole(), **changed)
    assert refused(database, OWNER, given, may_set=False, outlet="north") == [found]
    import_day(database, OWNER, given, outlet="north")


def test_a_desk_plans_when_people_work_and_names_them_by_id_alone(
    database: Database, south: Actor
) -> None:
    """What is named by its id alone stays as it is."""
    later = replace(OURS, shifts=(shift(), shift(17, 19, name="evening")))
    given = replace(whole(), technicians=(later, Technician(id="T2")), skills=(Skill(id="gas"),))
    done = import_day(database, OWNER, given, may_set=False, outlet="north")
    assert counts(done, "technician") == (0, 1, 0)
    with database.work(OWNER) as work:
        ours, theirs = (work.by_key(TechnicianRow, key) for key in ("T1", "T2"))
        assert {row.key for row in ours.shifts} == {"day", "evening"}
        assert [(row.skill.key, row.level) for row in ours.skills] == [("gas", 3)]
        assert len(theirs.shifts) == 1


def test_a_desk_need_not_know_where_people_live(database: Database, south: Actor) -> None:
    open_shift = replace(shift(), start_at=OPEN, end_at=OPEN)
    given = replace(OURS, home=None, shifts=(open_shift,))
    done = import_day(
        database,
        OWNER,
        replace(whole(), technicians=(given, THEIRS)),
        may_set=False,
        outlet="north",
    )
    assert counts(done, "technician") == (0, 1, 1)
    with database.work(OWNER) as work:
        assert work.by_key(TechnicianRow, "T1").home_lat is not None


def test_a_record_that_nobody_has_set_up_takes_no_part(database: Database) -> None:
    with database.work(OWNER) as work:
        row = OutletRow(key="lonely")
        work.session.add(row)
        renew_reach(work.session)
        work.commit()
    with pytest.raises(Refused) as told:
        import_day(database, replace(OWNER, outlets=frozenset((row.id,))), part())
    assert told.value.code == "organisation.missing"

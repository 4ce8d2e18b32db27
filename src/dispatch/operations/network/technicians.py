"""Technicians: take one on, change what is known of them, let them go, take them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.domain.shift import AnchorKind, Shift
from dispatch.domain.states.offer import PushState
from dispatch.domain.technician import Technician
from dispatch.errors import Refused
from dispatch.operations.accounts.refresh import end_sign_ins
from dispatch.operations.network.freeing import (
    free_visits,
    is_under_way,
    waiting_visits,
    working_days,
)
from dispatch.store.board import touch_days
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.keeping import add_keyed, own_outlet, see_open
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.kinds.technicians import Technicians, home_of
from dispatch.store.pushes import close_push
from dispatch.store.rows.accounts import AccountRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow, TerritoryRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work, all_outlets, expect

MOST_NAME, MOST_PROFILE, MOST_LIST = 200, 40, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianFacts:
    """Who a technician is and what their time costs; what they can do and when they work is apart.

    Fields mean what they mean in the day format.
    """

    name: str = ""
    home: Position | None = None
    forget_home: bool = False
    """Where they live is told to nobody who reads the rest, so it stays unless this is said."""
    outlet: UUID | None = None
    """Where they belong; the actor's own outlet, or headquarters, if nothing is said."""
    territories: tuple[str, ...] = ()
    profile: str = "car"
    duration_factor: float = 1.0
    job_type_factors: Mapping[str, float] = field(default_factory=dict)
    capacity: Mapping[str, int] = field(default_factory=dict)
    contractor: bool = False
    wage_minor_per_h: int | None = None
    visit_minor: int = 0

    def __post_init__(self) -> None:
        checks.within("technician.name", len(self.name), 0, MOST_NAME)
        checks.within("technician.profile", len(self.profile), 1, MOST_PROFILE)
        for name in ("territories", "job_type_factors", "capacity"):
            checks.within(f"technician.{name}", len(getattr(self, name)), 0, MOST_LIST)
        checks.distinct("technician.territories", self.territories)
        self.person("checked")

    def person(self, key: str, *, outlet: str | None = None, work_ahead_s: int = 0) -> Technician:
        """In the words of the day format."""
        return Technician(
            id=key,
            name=self.name,
            home=self.home,
            outlet=outlet,
            territories=self.territories,
            profile=self.profile,
            duration_factor=self.duration_factor,
            job_type_factors=dict(self.job_type_factors),
            capacity=dict(self.capacity),
            contractor=self.contractor,
            wage_minor_per_h=self.wage_minor_per_h,
            visit_minor=self.visit_minor,
            work_ahead_s=work_ahead_s,
        )


def create_technician(database: Database, actor: Actor, key: str, facts: TechnicianFacts) -> UUID:
    """Take somebody on; they have no shift yet.

    Raises
    ------
    Missing
        There is no such outlet, territory or job type.
    Refused
        ``key.taken``; ``outlet.closed``; ``run.which-outlet``: the actor has several outlets, and
        names none.
    """
    checks.identifier("technician.id", key)
    with database.work(actor) as work:
        row = TechnicianRow(id=new_id(), key=key, outlet_id=own_outlet(work))
        _write(work, row, facts)
        return work.commit(add_keyed(work, row))


def change_technician(
    database: Database, actor: Actor, technician_id: UUID, facts: TechnicianFacts, *, expected: int
) -> None:
    """Change what is known of somebody; what they have to do stays theirs.

    Raises
    ------
    Missing, Stale
        There is no such technician, outlet, territory or job type; they are not at the version that
        is expected.
    Refused
        ``technician.no-home``: a shift that is still to come starts or ends there;
        ``outlet.closed``.
    """
    with database.work(actor) as work:
        row = work.get(TechnicianRow, technician_id, lock=True)
        expect(row, expected)
        _write(work, row, facts)
        for shift in row.shifts:
            if shift.end_at > work.now:
                see_home(row, heard(Shift, shift.said, **_times(shift)))
        work.note("technician.changed", row)
        touch_days(work.session, working_days(work, row))
        work.commit()


def end_employment(database: Database, actor: Actor, technician_id: UUID, *, why: str) -> None:
    """Let somebody go: what they had to do is free again, and they cannot sign in any more.

    Their record stays, with all they have done.

    Raises
    ------
    Missing
        There is no such technician.
    Refused
        ``technician.ended``: they are gone already; ``technician.under-way``: they are at a visit.
    """
    with database.work(actor) as work:
        row = work.get(TechnicianRow, technician_id, lock=True)
        if not row.active:
            raise Refused("technician.ended")
        if is_under_way(work, row.id):
            raise Refused("technician.under-way", technician=row.key)
        row.active = False
        work.note("technician.ended", row, why=why)
        met = waiting_visits(work, row.id)
        with all_outlets(work):
            days = free_visits(work, met, "employment ended")
            _ask_no_more(work, row)
        _shut_out(work, row)
        touch_days(work.session, days | working_days(work, row))
        work.commit()


def take_back(database: Database, actor: Actor, technician_id: UUID) -> None:
    """Let somebody work here again; their account stays closed until an owner opens it.

    Raises
    ------
    Missing
        There is no such technician.
    Refused
        ``outlet.closed``: theirs.
    """
    with database.work(actor) as work:
        row = work.get(TechnicianRow, technician_id, lock=True)
        see_open(work, work.get(OutletRow, row.outlet_id))
        row.active = True
        work.note("technician.taken_back", row)
        touch_days(work.session, working_days(work, row))
        work.commit()


def see_home(row: TechnicianRow, shift: Shift) -> None:
    """See that a shift which starts or ends at home knows where that is."""
    at_home = AnchorKind.HOME in (shift.start_at.kind, shift.end_at.kind)
    if at_home and row.home_lat is None:
        raise Refused("technician.no-home", technician=row.key, shift=shift.id)


def _write(work: Work, row: TechnicianRow, facts: TechnicianFacts) -> None:
    frame = Frame(work.session, Span(work.now, work.now))
    for territory in facts.territories:
        frame.of(TerritoryRow, territory)
    for job_type in facts.job_type_factors:
        frame.of(JobTypeRow, job_type)
    outlet = None
    if facts.outlet is not None:
        found = work.get(OutletRow, facts.outlet)
        outlet = (found if found.id == row.outlet_id else see_open(work, found)).key
    home = facts.home
    if home is None and not facts.forget_home:
        home = home_of(row)
    ahead = int((row.said or {}).get("work_ahead_s", 0))
    person = replace(facts, home=home).person(row.key, outlet=outlet, work_ahead_s=ahead)
    Technicians().write_facts(row, person, frame)


def _times(shift: ShiftRow) -> dict[str, object]:
    return {"id": shift.key, "start": shift.start_at, "end": shift.end_at}


def _ask_no_more(work: Work, row: TechnicianRow) -> None:
    query = select(PushRow.visit_id).where(
        PushRow.technician_id == row.id, PushRow.state == PushState.SENT
    )
    asked = select(VisitRow).where(VisitRow.id.in_(query)).order_by(VisitRow.id)
    visits = work.session.scalars(asked.with_for_update(of=VisitRow)).all()
    jobs = [work.get(JobRow, job, lock=True) for job in sorted({one.job_id for one in visits})]
    for visit in visits:
        close_push(work, visit.id, "employment ended")
    follow_visits(work, jobs)


def _shut_out(work: Work, row: TechnicianRow) -> None:
    query = select(AccountRow).where(AccountRow.technician_id == row.id).with_for_update()
    account = work.session.scalars(query, execution_options=UNSCOPED).one_or_none()
    if account is not None:
        account.active = False
        work.note("account.changed", account, why="employment ended")
        end_sign_ins(work, account.id, "account_changed")

"""A visit is completed when all is shown that its job type asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.databases import OWNER, SetClock
from tests.operations.phones import K, action, now, outcomes, say, whole
from tests.planning.made import DATE, at

from dispatch.domain.action import Action, NotDone, Outcome
from dispatch.domain.completion import Confirmation, Demands, Scan, UsedPart
from dispatch.domain.states.visit import VisitState
from dispatch.errors import InvalidValue, Missing
from dispatch.operations.execute.look import Completed, completion_of
from dispatch.operations.execute.settle import settle_conflict
from dispatch.operations.exports.parts import exported_parts
from dispatch.operations.exports.visits import exported_visits
from dispatch.operations.jobs.completion_code import DIGITS, give_completion_code
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.ids import new_id
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.customers import AssetRow
from dispatch.store.rows.evidence import CompletionCodeRow, PartRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said

ONE, TWO, SIGN = "1" * 64, "2" * 64, "3" * 64


def demand(database: Database, visit: VisitRow, **given: Any) -> None:
    with database.work(OWNER) as work:
        work.get(VisitRow, visit.id).job.type.demands = said(Demands(**given))
        work.commit()


def asset(database: Database, visit: VisitRow, serial: str = "SN-1") -> None:
    with database.work(OWNER) as work:
        site = work.get(VisitRow, visit.id).job.site_id
        work.session.add(AssetRow(key=serial, site_id=site, product="Boiler"))
        work.commit()


def end(visit: VisitRow, sequence: int = 4, **shown: Any) -> Action:
    return action(visit, sequence, K.COMPLETE, **shown)


def begin(database: Database, visit: VisitRow) -> None:
    assert outcomes(say(database, visit, *whole(visit)[:3])) == ["applied"] * 3


def tried(database: Database, visit: VisitRow, **shown: Any) -> str:
    """What becomes of the next completion."""
    with database.work(OWNER) as work:
        query = select(ActionRow.sequence).order_by(ActionRow.sequence.desc()).limit(1)
        sequence = work.session.scalars(query).one() + 1
    (found,) = outcomes(say(database, visit, end(visit, sequence, **shown)))
    return found


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**DIGITS:0{DIGITS}}"


@pytest.mark.parametrize(
    ("demands", "short", "enough"),
    [
        ({"photos": 2}, [{}, {"photos": (ONE,)}, {"signature": SIGN}], {"photos": (ONE, TWO)}),
        (
            {"confirmation": Confirmation.SIGNATURE},
            [{}, {"code": "123456"}, {"photos": (SIGN,)}],
            {"signature": SIGN},
        ),
        ({"confirmation": Confirmation.EITHER}, [{}, {"photos": (SIGN,)}], {"signature": SIGN}),
        ({"scan": Scan.ASKED}, [{}], {"serial": "anything"}),
        ({"scan": Scan.MATCH}, [{}], {"serial": "where no asset is known"}),
    ],
    ids=str,
)
def test_what_is_demanded_has_to_be_named(
    database: Database,
    visit: VisitRow,
    demands: dict[str, Any],
    short: Sequence[dict[str, Any]],
    enough: dict[str, Any],
) -> None:
    demand(database, visit, **demands)
    begin(database, visit)
    for shown in short:
        code = tried(database, visit, **shown)
        assert code.startswith("action.")
        assert code != "action.step"
        assert now(database, visit).state is VisitState.IN_PROGRESS
    assert tried(database, visit, **enough) == "applied"
    assert now(database, visit).state is VisitState.COMPLETED


def test_what_is_not_demanded_is_kept_all_the_same(database: Database, visit: VisitRow) -> None:
    begin(database, visit)
    assert tried(database, visit, photos=(ONE,), serial="SN-7", code="123456") == "applied"
    found = completion_of(database, OWNER, visit.id)
    assert (found.files, found.awaited, found.serial) == ([ONE], [ONE], "SN-7")
    assert (found.serial_known, found.code_right) == (None, False)


def test_the_customers_code_closes_the_visit(database: Database, visit: VisitRow) -> None:
    demand(database, visit, confirmation=Confirmation.CODE)
    begin(database, visit)
    assert tried(database, visit, code="123456") == "action.code-none"
    code = give_completion_code(database, OWNER, visit.job_id)
    assert (len(code), code.isdigit()) == (DIGITS, True)
    assert tried(database, visit) == "action.code"
    assert tried(database, visit, code=wrong(code)) == "action.code-wrong"
    assert tried(database, visit, code=code) == "applied"
    assert completion_of(database, OWNER, visit.id).code_right is True


def test_after_five_wrong_codes_none_is_heard_until_there_is_another(
    database: Database, visit: VisitRow
) -> None:
    demand(database, visit, confirmation=Confirmation.CODE)
    code = give_completion_code(database, OWNER, visit.job_id)
    begin(database, visit)
    for _ in range(5):
        assert tried(database, visit, code=wrong(code)) == "action.code-wrong"
    assert tried(database, visit, code=code) == "action.code-locked"
    assert tried(database, visit, code=wrong(code)) == "action.code-locked"
    newer = give_completion_code(database, OWNER, visit.job_id)
    assert tried(database, visit, code=newer) == "applied"
    with database.work(OWNER) as work:
        assert work.session.scalars(select(CompletionCodeRow)).one().failures == 0


def test_a_code_of_before_is_good_no_longer(database: Database, visit: VisitRow) -> None:
    older = give_completion_code(database, OWNER, visit.job_id)
    while (newer := give_completion_code(database, OWNER, visit.job_id)) == older:
        pass
    begin(database, visit)
    assert tried(database, visit, code=older) == "action.code-wrong"
    assert tried(database, visit, code=newer) == "applied"


def test_of_a_code_nothing_is_kept_but_its_hash(database: Database, visit: VisitRow) -> None:
    code = give_completion_code(database, OWNER, visit.job_id)
    begin(database, visit)
    tried(database, visit, code=wrong(code))
    tried(database, visit, code=code)
    with database.connect() as connection:
        for table in ("completion_code", "event", "action", "receipt", "completion", "visit"):
            rows = connection.scalars(text(f"SELECT t::text FROM {table} t"))  # noqa: S608
            told = " ".join(rows)
            for secret in (code, wrong(code)):
                assert f'"{secret}"' not in told, table
                assert f",{secret}," not in told, table
        kept = connection.scalar(text("SELECT code FROM completion_code"))
        assert str(kept).startswith("$argon2id$")
        notes = json.dumps(
            [dict(row) for row in connection.execute(text("SELECT after FROM event")).mappings()]
        )
        assert "argon2id" not in notes
        assert '"code": "*"' in notes


def test_nobody_burns_the_tries_of_a_visit_that_is_not_theirs(
    database: Database, visit: VisitRow
) -> None:
    code = give_completion_code(database, OWNER, visit.job_id)
    with database.work(OWNER) as work:
        other = work.by_key(TechnicianRow, "T2").id
    for number in range(1, 8):
        (answer,) = say(database, visit, end(visit, number, code=wrong(code)), by=other)
        assert (answer.outcome, answer.reason) == (Outcome.CONFLICT, "action.not-yours")
    begin(database, visit)
    assert tried(database, visit, code=code) == "applied"


def test_the_same_try_said_twice_counts_once(database: Database, visit: VisitRow) -> None:
    code = give_completion_code(database, OWNER, visit.job_id)
    begin(database, visit)
    for _ in range(9):
        assert outcomes(say(database, visit, end(visit, 4, code=wrong(code)))) == [
            "action.code-wrong"
        ]
    assert tried(database, visit, code=code) == "applied"


def test_either_a_code_or_a_signature(database: Database, visit: VisitRow) -> None:
    demand(database, visit, confirmation=Confirmation.EITHER)
    begin(database, visit)
    assert tried(database, visit) == "action.confirmation"
    assert tried(database, visit, code="123456") == "action.code-none"
    assert tried(database, visit, code="123456", signature=SIGN) == "applied"
    assert completion_of(database, OWNER, visit.id).code_right is False


@pytest.mark.parametrize(
    ("scanned", "flags"), [("SN-1", ("dead-trip",)), ("SN-2", ()), (None, ())], ids=str
)
def test_who_scans_what_stands_there_is_there(
    database: Database, visit: VisitRow, scanned: str | None, flags: tuple[str, ...]
) -> None:
    """Below ground there is no position."""
    asset(database, visit)
    absent = action(visit, 2, K.NOT_DONE, reason=NotDone.CUSTOMER_ABSENT)
    arrived, ended = say(database, visit, action(visit, 1, K.CHECK_IN, serial=scanned), absent)
    assert ("no-position" in arrived.flags) is (scanned != "SN-1")
    assert ended.flags == flags


def test_another_serial_number_is_told_of(database: Database, visit: VisitRow) -> None:
    demand(database, visit, scan=Scan.ASKED)
    asset(database, visit)
    begin(database, visit)
    (answer,) = say(database, visit, end(visit, serial="SN-2"))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ("serial",))
    assert completion_of(database, OWNER, visit.id).serial_known is False


def test_the_right_serial_number_is_not(database: Database, visit: VisitRow) -> None:
    demand(database, visit, scan=Scan.MATCH)
    asset(database, visit)
    asset(database, visit, "SN-3")
    begin(database, visit)
    assert tried(database, visit, serial="SN-2") == "action.serial-other"
    (answer,) = say(database, visit, end(visit, 9, serial="SN-3"))
    assert (answer.outcome, answer.flags) == (Outcome.APPLIED, ())
    assert completion_of(database, OWNER, visit.id).serial_known is True


def test_parts_are_on_record_and_in_the_export(database: Database, visit: VisitRow) -> None:
    used = (UsedPart(part="valve", quantity=2), UsedPart(part="pump", serial="P-9"))
    begin(database, visit)
    assert tried(database, visit, parts=used) == "applied"
    assert tuple(completion_of(database, OWNER, visit.id).parts) == used
    with exported_parts(database, OWNER, DATE.date()) as exported:
        rows = [dict(zip(exported.columns, row, strict=True)) for row in exported.rows]
    assert [(row["used-part"], row["quantity"], row["serial"]) for row in rows] == [
        *(("valve", 2, ""), ("pump", 1, "P-9")),
    ]
    assert {(row["technician"], row["job"]) for row in rows} == {("T1", "J1")}
    with exported_visits(database, OWNER, DATE.date()) as exported:
        (row,) = [dict(zip(exported.columns, row, strict=True)) for row in exported.rows]
    assert (row["state"], row["work-minutes"], row["files"]) == ("completed", 0, 0)


def test_parts_of_what_was_not_finished_are_on_record_too(
    database: Database, visit: VisitRow
) -> None:
    steps = whole(visit, K.SUSPEND)
    steps[-1] = replace(steps[-1], parts=(UsedPart(part="hose"),))
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4
    with database.work(OWNER) as work:
        assert work.session.scalars(select(PartRow.part)).all() == ["hose"]
    with pytest.raises(Missing):
        completion_of(database, OWNER, visit.id)


def test_what_a_dispatcher_lets_through_is_completed_without_a_code(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    """A phone that was offline while its visit was given away has done the work."""
    demand(database, visit, confirmation=Confirmation.CODE)
    code = give_completion_code(database, OWNER, visit.job_id)
    begin(database, visit)
    owner = visit.technician_id
    with database.work(OWNER) as work:
        other = work.by_key(TechnicianRow, "T2").id
        work.get(VisitRow, visit.id).technician_id = other
        work.commit()
    shown = {"code": code, "photos": (ONE,), "parts": (UsedPart(part="valve"),)}
    (answer,) = say(database, visit, end(visit, **shown), by=owner)
    assert answer.outcome is Outcome.CONFLICT
    with database.work(OWNER) as work:
        query = select(ActionRow).where(ActionRow.outcome == Outcome.CONFLICT)
        row = work.session.scalars(query).one()
        assert row.said["photos"] == [ONE]
        work.get(VisitRow, visit.id).technician_id = owner
        work.commit()
    settle_conflict(database, OWNER, row.id, accept=True, why="The customer has called.")
    found = completion_of(database, OWNER, visit.id)
    assert isinstance(found, Completed)
    assert (found.technician, found.code_right, found.awaited) == (owner, False, [ONE])
    assert [used.part for used in found.parts] == ["valve"]
    with database.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


@pytest.mark.parametrize(
    "shown",
    [
        {"photos": ("x",)},
        {"photos": (ONE.upper() + "A",)},
        {"photos": ("A" * 64,)},
        {"photos": (ONE, ONE)},
        {"photos": (ONE,), "signature": ONE},
        {"photos": tuple(f"{number:064x}" for number in range(51))},
        {"signature": "3" * 65},
        {"code": "1" * 41},
        {"serial": " SN"},
        {"parts": (UsedPart(part="valve"),) * 101},
    ],
    ids=range(10),
)
def test_what_cannot_be_is_refused(visit: VisitRow, shown: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        end(visit, **shown)


@pytest.mark.parametrize(
    "used", [{"part": ""}, {"part": "valve", "quantity": 0}, {"part": "valve", "serial": "\n"}]
)
def test_a_part_that_cannot_be_is_refused(used: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        UsedPart(**used)


def test_no_code_is_given_for_a_job_that_there_is_not(database: Database) -> None:
    with pytest.raises(Missing):
        give_completion_code(database, OWNER, new_id())


def test_time_of_work_is_from_start_to_end(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    clock.now = at(12)
    hours = (8, 8.5, 9, 10.5)
    steps = [
        replace(step, happened_at=at(hour)) for step, hour in zip(whole(visit), hours, strict=True)
    ]
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4
    assert completion_of(database, OWNER, visit.id).work_s == 5_400

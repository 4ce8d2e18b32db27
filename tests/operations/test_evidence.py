"""Photos and signatures are kept once and for ever, and what is odd about them is told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from tests.databases import OWNER, SetClock
from tests.operations.phones import EAST, K, action, outcomes, say, whole
from tests.pictures import photo, png
from tests.planning.made import at, spot

from dispatch.domain.action import Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.completion import EvidenceKind
from dispatch.errors import InvalidValue, Missing, Refused, Unavailable
from dispatch.operations.execute import evidence
from dispatch.operations.execute.batch import take_batch
from dispatch.operations.execute.evidence import Sent, take_evidence
from dispatch.operations.execute.look import Which, completion_of, content_of
from dispatch.operations.network.outlets import OutletFacts, create_outlet
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.files import Files
from dispatch.store.ids import new_id
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.evidence import EvidenceRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow

NINE = "2026:03:03 09:00:00"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "evidence")


def send(
    database: Database, files: Files, visit: VisitRow, content: bytes, **more: Any
) -> EvidenceRow:
    by = more.pop("by", visit.technician_id)
    more["visit"] = more.pop("instead_of", visit.id)
    usual: dict[str, Any] = {"kind": EvidenceKind.PHOTO, "content": content}
    actor = more.pop("seen_by", OWNER)
    made = take_evidence(database, actor, files, by, Sent(**(usual | more)))
    return of(database, made)


def of(database: Database, made: UUID) -> EvidenceRow:
    with database.work(OWNER) as work:
        return work.get(EvidenceRow, made)


def count(database: Database) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(EvidenceRow)) or 0


def kinds(database: Database, start: str) -> Sequence[str]:
    with database.work(OWNER) as work:
        query = select(EventRow.kind).where(EventRow.kind.startswith(start))
        return work.session.scalars(query.order_by(EventRow.number)).all()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def other(database: Database) -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, "T2").id


def test_a_photo_is_kept_as_it_came_and_shown_without_what_hangs_on_it(
    database: Database, files: Files, visit: VisitRow, clock: SetClock
) -> None:
    clock.now = at(9.1)
    content = photo(taken=NINE, position=EAST)
    row = send(database, files, visit, content)
    assert (row.sha256, row.media, row.size) == (sha256(content), "image/jpeg", len(content))
    assert (row.width, row.height, row.flags) == (64, 48, [])
    assert (row.taken_at, row.lat, row.lon) == (at(9), EAST.lat, EAST.lon)
    kept = content_of(database, OWNER, files, row.id, Which.ORIGINAL)
    served = content_of(database, OWNER, files, row.id, Which.SERVED)
    assert (kept.content, kept.media) == (content, "image/jpeg")
    assert b"Exif" in kept.content
    assert b"Exif" not in served.content
    with database.work(OWNER) as work:
        query = select(EventRow.after).where(EventRow.kind == "evidence.received")
        assert work.session.scalars(query).one()["sha256"] == sha256(content)
        assert list(check_chain(work.session.connection())) == []


def test_sent_again_it_is_the_same_file(database: Database, files: Files, visit: VisitRow) -> None:
    first = send(database, files, visit, photo())
    again = send(database, files, visit, photo(), kind=EvidenceKind.SIGNATURE)
    assert (again.id, again.kind) == (first.id, EvidenceKind.PHOTO)
    assert kinds(database, "evidence") == ["evidence.received"]


def test_many_at_once_are_one_file(database: Database, files: Files, visit: VisitRow) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = set(threads.map(lambda _: send(database, files, visit, photo()).id, range(6)))
    assert len(found) == 1
    assert count(database) == 1


def test_two_technicians_may_send_the_same(
    database: Database, files: Files, visit: VisitRow
) -> None:
    mine = send(database, files, visit, photo())
    theirs = send(database, files, visit, photo(), by=other(database))
    assert mine.id != theirs.id
    assert theirs.flags == ["not-yours"]


def test_for_a_visit_of_somebody_else_by_now_it_is_kept_and_flagged(
    database: Database, files: Files, visit: VisitRow
) -> None:
    owner = visit.technician_id
    with database.work(OWNER) as work:
        work.get(VisitRow, visit.id).technician_id = other(database)
        work.commit()
    row = send(database, files, visit, photo(), by=owner)
    assert (row.visit_id, row.flags) == (visit.id, ["not-yours"])
    assert files.read(row.sha256) == photo()


def test_where_somebody_elses_visit_is_no_picture_tells(
    database: Database, files: Files, visit: VisitRow
) -> None:
    for place in (spot(1), EAST):
        row = send(database, files, visit, photo(taken=NINE, position=place), by=other(database))
        assert row.flags == ["not-yours", "time"]


def test_for_a_visit_that_there_is_not_it_is_kept_and_flagged(
    database: Database, files: Files, visit: VisitRow
) -> None:
    nowhere = new_id()
    row = send(database, files, visit, photo(), instead_of=nowhere)
    assert (row.visit_id, row.flags) == (None, ["no-visit"])
    assert send(database, files, visit, photo(), instead_of=nowhere).flags == ["no-visit"]
    with database.work(OWNER) as work:
        query = select(EventRow.note).where(EventRow.kind == "evidence.received")
        assert work.session.scalars(query).one() == str(nowhere)


def test_one_picture_shows_one_visit(database: Database, files: Files, visit: VisitRow) -> None:
    row = send(database, files, visit, photo())
    for _ in range(2):
        again = send(database, files, visit, photo(), instead_of=new_id())
        assert (again.id, again.visit_id, again.flags) == (row.id, visit.id, ["elsewhere"])
    assert kinds(database, "evidence") == ["evidence.received", "evidence.elsewhere"]


@pytest.mark.parametrize(
    "odd",
    [
        (photo(taken=NINE, position=spot(1)), ["far"]),
        (photo(taken="2026:03:01 09:00:00", position=EAST), ["time"]),
        (photo(taken="2031:03:03 09:00:00"), ["time"]),
        (photo(taken=NINE, offset="+09:00"), []),
        (photo(taken=NINE, offset="-07:00"), ["time"]),
        (photo(), []),
    ],
)
def test_what_is_odd_is_told_and_kept_all_the_same(
    database: Database,
    files: Files,
    visit: VisitRow,
    clock: SetClock,
    odd: tuple[bytes, list[str]],
) -> None:
    clock.now = at(9.1)
    content, flags = odd
    assert send(database, files, visit, content).flags == flags


def test_it_was_taken_when_its_action_happened(
    database: Database, files: Files, visit: VisitRow, clock: SetClock
) -> None:
    """Whichever of the two comes first; a completion shows all of the work."""
    clock.now = at(12)
    here = {"device": "phone-1"}
    early = send(database, files, visit, photo(1, taken=NINE), **here, sequence=1)
    fine = send(database, files, visit, photo(2, taken=NINE), **here, sequence=4)
    assert early.flags == fine.flags == []
    steps = [
        action(visit, 1, K.DEPART, happened_at=at(8)),
        action(visit, 2, K.CHECK_IN, happened_at=at(8.75)),
        action(visit, 3, K.START, happened_at=at(8.75)),
        action(visit, 4, K.COMPLETE, happened_at=at(11)),
    ]
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4
    assert of(database, early.id).flags == ["time"]
    assert of(database, fine.id).flags == []
    late = send(database, files, visit, photo(3, taken=NINE), **here, sequence=1)
    right = send(database, files, visit, photo(4, taken=NINE), **here, sequence=4)
    assert (late.flags, right.flags) == (["time"], [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture.size"),
        (b"<svg/>", "picture.kind"),
        (png(10_000, 10_000), "picture.pixels"),
        (photo(size=(400, 300))[:9_000], "picture.damaged"),
    ],
)
def test_what_is_no_picture_leaves_no_trace(
    database: Database, files: Files, visit: VisitRow, content: bytes, code: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        send(database, files, visit, content)
    assert refused.value.code == code
    assert count(database) == 0
    assert not files.folder.exists()


def test_what_got_lost_on_the_way_is_noticed(
    database: Database, files: Files, visit: VisitRow
) -> None:
    assert send(database, files, visit, photo(), sha256=sha256(photo())).sha256 == sha256(photo())
    for wrong, code in ((sha256(b"other"), "evidence.cut"), ("x", "evidence.hash")):
        with pytest.raises(InvalidValue) as refused:
            send(database, files, visit, photo(2), sha256=wrong)
        assert refused.value.code == code


def test_an_action_is_named_whole_or_not_at_all(
    database: Database, files: Files, visit: VisitRow
) -> None:
    for half in ({"device": "phone-1"}, {"sequence": 3}):
        with pytest.raises(InvalidValue) as refused:
            send(database, files, visit, photo(), **half)
        assert refused.value.code == "evidence.action"


def test_nobody_who_is_not_known_sends_anything(
    database: Database, files: Files, visit: VisitRow
) -> None:
    with pytest.raises(Missing):
        send(database, files, visit, photo(), by=new_id())
    assert count(database) == 0


def test_a_day_has_room_for_so_many(
    database: Database,
    files: Files,
    visit: VisitRow,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence, "MOST_A_DAY", 1)
    send(database, files, visit, photo(1))
    with pytest.raises(Refused) as refused:
        send(database, files, visit, photo(2))
    assert refused.value.code == "evidence.too-many"
    clock.forward(days=1)
    send(database, files, visit, photo(2))


def test_what_is_not_on_the_disk_is_not_in_the_record(
    database: Database, files: Files, visit: VisitRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.folder.parent.mkdir(exist_ok=True)
    files.folder.write_text("a file where a folder should be")
    with pytest.raises(Unavailable):
        send(database, files, visit, photo())
    assert count(database) == 0


def test_the_record_throws_nothing_of_it_away(
    database: Database, files: Files, visit: VisitRow
) -> None:
    send(database, files, visit, photo())
    with database.connect() as connection, pytest.raises(Exception, match="only added"):
        connection.execute(text("DELETE FROM evidence"))


def test_a_lost_or_changed_file_is_never_shown(
    database: Database, files: Files, visit: VisitRow
) -> None:
    row = send(database, files, visit, photo())
    path = files.folder / row.served_sha256[:2] / row.served_sha256
    path.write_bytes(b"<script>")
    with pytest.raises(Unavailable) as told:
        content_of(database, OWNER, files, row.id, Which.SERVED)
    assert told.value.code == "files.damaged"
    path.unlink()
    with pytest.raises(Unavailable) as told:
        content_of(database, OWNER, files, row.id, Which.SERVED)
    assert told.value.code == "files.missing"


def test_a_technician_sees_their_own_alone(
    database: Database, files: Files, visit: VisitRow
) -> None:
    row, mine, stranger = (
        send(database, files, visit, photo()),
        visit.technician_id,
        other(database),
    )
    assert content_of(database, OWNER, files, row.id, Which.SERVED, technician=mine).content
    with pytest.raises(Missing):
        content_of(database, OWNER, files, row.id, Which.SERVED, technician=stranger)


def test_files_may_come_before_or_after_the_completion_that_names_them(
    database: Database, files: Files, visit: VisitRow
) -> None:
    before, after, sign = photo(1), photo(2), photo(3, form="PNG")
    send(database, files, visit, before)
    steps = whole(visit)
    named = {"photos": (sha256(before), sha256(after)), "signature": sha256(sign)}
    steps[-1] = action(visit, 4, K.COMPLETE, **named)
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4
    found = completion_of(database, OWNER, visit.id)
    assert found.files == [sha256(before), sha256(after), sha256(sign)]
    assert found.awaited == [sha256(after), sha256(sign)]
    send(database, files, visit, photo(9))  # nobody has named this one
    assert len(completion_of(database, OWNER, visit.id).awaited) == 2
    send(database, files, visit, sign, kind=EvidenceKind.SIGNATURE)
    send(database, files, visit, after, by=other(database))  # it is not theirs to show
    assert completion_of(database, OWNER, visit.id).awaited == [sha256(after)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: send(database, files, visit, after), range(4)))
    assert completion_of(database, OWNER, visit.id).awaited == []
    assert kinds(database, "completion") == [
        *("completion.written", "completion.file_arrived", "completion.file_arrived"),
    ]


def test_a_picture_of_another_visit_does_not_count(
    database: Database, files: Files, visit: VisitRow
) -> None:
    content = photo()
    send(database, files, visit, content, instead_of=new_id())
    steps = whole(visit)
    steps[-1] = action(visit, 4, K.COMPLETE, photos=(sha256(content),))
    last = say(database, visit, *steps)[-1]
    assert (last.outcome, last.flags) == (Outcome.APPLIED, ("elsewhere",))
    assert send(database, files, visit, content).flags == ["no-visit", "elsewhere"]
    found = completion_of(database, OWNER, visit.id)
    assert (found.awaited, found.elsewhere) == ([], [sha256(content)])


def test_nobody_waits_for_a_picture_that_comes_for_another_visit(
    database: Database, files: Files, visit: VisitRow
) -> None:
    shown, content = photo(1), photo(2)
    steps = whole(visit)
    steps[-1] = action(visit, 4, K.COMPLETE, photos=(sha256(shown), sha256(content)))
    assert say(database, visit, *steps)[-1].flags == ()
    assert send(database, files, visit, content, instead_of=new_id()).flags == [
        *("no-visit", "elsewhere"),
    ]
    found = completion_of(database, OWNER, visit.id)
    assert (found.awaited, found.elsewhere) == ([sha256(shown)], [sha256(content)])
    send(database, files, visit, shown)
    found = completion_of(database, OWNER, visit.id)
    assert (found.awaited, found.elsewhere) == ([], [sha256(content)])
    assert kinds(database, "completion") == [
        *("completion.written", "completion.file_elsewhere", "completion.file_arrived"),
    ]


def test_nobody_waits_for_it_in_an_outlet_that_they_do_not_see_either(
    database: Database, files: Files, visit: VisitRow
) -> None:
    content = photo()
    steps = whole(visit)
    steps[-1] = action(visit, 4, K.COMPLETE, photos=(sha256(content),))
    assert outcomes(say(database, visit, *steps)) == ["applied"] * 4
    south = moved(database, visit)
    row = send(database, files, visit, content, instead_of=new_id(), seen_by=south)
    assert of(database, row.id).flags == ["no-visit", "elsewhere"]
    found = completion_of(database, OWNER, visit.id)
    assert (found.awaited, found.elsewhere) == ([], [sha256(content)])


def test_a_picture_of_an_outlet_that_they_do_not_see_keeps_nobody_from_completing(
    database: Database, files: Files, visit: VisitRow
) -> None:
    row = send(database, files, visit, photo(), instead_of=new_id())
    south = moved(database, visit)
    with database.work(OWNER) as work:
        held = work.get(VisitRow, visit.id)
        held.outlet_id = held.job.outlet_id = next(iter(south.outlets or ()))
        work.commit()
    steps = whole(visit)
    steps[-1] = action(visit, 4, K.COMPLETE, photos=(row.sha256,))
    assert visit.technician_id is not None
    answers = take_batch(
        database, south, visit.technician_id, "phone-1", steps, sent_at=database.clock()
    )
    assert outcomes(answers) == ["applied"] * 4
    assert of(database, row.id).flags == ["no-visit", "elsewhere"]


def moved(database: Database, visit: VisitRow) -> Actor:
    """Let the visit's technician belong to another outlet; answers who sees no other."""
    south = create_outlet(database, OWNER, "south", OutletFacts(parent=visit.outlet_id))
    assert visit.technician_id is not None
    with database.work(OWNER) as work:
        work.get(TechnicianRow, visit.technician_id).outlet_id = south
        work.commit()
    return replace(OWNER, outlets=frozenset((south,)))

"""The runs of data/benchmarks: what is run, kept, and not run twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from common_part import common_part
from dispatch.bench.features import features, must_serve
from dispatch.bench.peers.vroom_engine import EXPRESSES
from dispatch.solver.child.rehearsal import tiny_problem
from measured import ConvergenceRun, Key
from part_ablation import OF_DAYS, STRINGS, AblationDayTrial, without
from part_factorial import ALWAYS_ON, FactorialTrial
from part_short import LEAST_S, MOST_S, smallest_and_largest, to_ablate, within_budget
from published import Case, cases
from run_store import RunStore, forget
from side_by_side import make


@dataclass
class Counted:
    """A run that counts how often it is made."""

    instance: str
    made: list[str]

    @property
    def key(self) -> Key:
        return ("set", self.instance, "lns", 1, 10.0)

    def run(self) -> ConvergenceRun:
        self.made.append(self.instance)
        return ConvergenceRun(
            group="set", instance=self.instance, engine="lns", seed=1, time_s=10.0, points=[]
        )


def test_what_stands_in_the_file_is_not_run_again(tmp_path: Path) -> None:
    path, made = tmp_path / "out" / "runs.jsonl", []
    make([Counted("A", made)], RunStore(path, ConvergenceRun), workers=1)
    again = RunStore(path, ConvergenceRun)
    make([Counted("A", made), Counted("B", made)], again, workers=1)
    assert made == ["A", "B"]
    assert [run.instance for run in again.runs] == ["A", "B"]


def test_a_random_half_of_the_pieces_is_off_and_the_same_ones_the_next_time() -> None:
    def trial(number: int) -> FactorialTrial:
        return FactorialTrial(path=Path("x"), group="set", instance="A", number=number, time_s=1.0)

    drawn = [trial(number).parameters for number in range(60)]
    assert drawn == [trial(number).parameters for number in range(60)]
    pieces = [off for piece, off in STRINGS.items() if piece not in ALWAYS_ON]
    for off in pieces:
        (name,) = off
        assert 15 < sum(name in each for each in drawn) < 45
    assert {name for each in drawn for name in each} == {name for off in pieces for name in off}
    for parameters in drawn:
        without(parameters, is_tied=False)


def test_half_a_line_is_cut_and_made_again(tmp_path: Path) -> None:
    path, made = tmp_path / "runs.jsonl", []
    make([Counted("A", made), Counted("B", made)], RunStore(path, ConvergenceRun), workers=1)
    path.write_text(path.read_text("utf-8")[:-20], "utf-8")
    store = RunStore(path, ConvergenceRun)
    make([Counted("A", made), Counted("B", made)], store, workers=1)
    assert made == ["A", "B", "B"]
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_runs_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('{"colour": "green"}\n', "utf-8")
    with pytest.raises(SystemExit, match="another --out"):
        RunStore(path, ConvergenceRun)


def test_runs_of_an_engine_that_has_changed_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    make([Counted("A", [])], RunStore(path, ConvergenceRun), workers=1)
    forget(path, ["ortools"])
    assert len(RunStore(path, ConvergenceRun).runs) == 1
    forget(path, ["lns"])
    assert RunStore(path, ConvergenceRun).runs == []


@pytest.mark.parametrize("piece", STRINGS)
def test_every_piece_of_ruin_and_recreate_can_be_switched_off(piece: str) -> None:
    engine = without(STRINGS[piece], is_tied=False)
    assert all(getattr(engine.parameters, name) == off for name, off in STRINGS[piece].items())


@pytest.mark.parametrize("piece", OF_DAYS)
def test_every_kind_of_move_can_be_switched_off(piece: str) -> None:
    engine = without(OF_DAYS[piece], is_tied=True)
    assert all(getattr(engine.moves, name) == off for name, off in OF_DAYS[piece].items())


def test_a_day_of_the_demo_city_is_compared_with_its_lower_bound() -> None:
    trial = AblationDayTrial(size="small", piece="swaps", seed=1, time_s=0.2)
    run = trial.run()
    assert run.key == trial.key
    assert run.cost is not None
    assert run.best_known is not None
    assert run.gap_pct == pytest.approx(100 * (run.cost / run.best_known - 1))
    assert run.gap_pct >= 0


@pytest.mark.parametrize("tied", [True, False])
def test_vroom_can_express_the_common_part_of_a_problem(tied: bool) -> None:
    problem = tiny_problem(tied=tied)
    assert features(problem) - EXPRESSES
    common = common_part(problem)
    assert not features(common) - EXPRESSES
    assert must_serve(common).all()
    assert common.visit_count == problem.visit_count


@pytest.fixture
def found(published: Path) -> list[Case]:
    return list(cases([published]))


def test_instances_are_grouped_by_set_and_folder(found: list[Case]) -> None:
    assert [case.group for case in found] == ["sdvrptw sets", "hhcrsp sets"]


def test_the_published_plan_has_no_gap(found: list[Case]) -> None:
    for case in found:
        best = case.instance.best_known()
        assert best is not None
        assert case.gap_pct(best.checked) == 0.0


def test_the_short_form_takes_both_ends_of_each_set_and_one_of_each_kind(
    found: list[Case],
) -> None:
    ends = smallest_and_largest(found)
    assert ends == found, "a set of one instance has one end"
    assert {case.is_tied for case in to_ablate(ends)} == {True, False}


def test_the_short_form_keeps_to_its_budget(found: list[Case]) -> None:
    ablated = to_ablate(found)
    kept, limit_s = within_budget(found, ablated, engines=4, workers=1)
    assert kept == found
    assert LEAST_S < limit_s < MOST_S  # the record of 100,000 jobs takes its time
    many = found * 50
    kept, limit_s = within_budget(many, ablated, engines=4, workers=1)
    assert 0 < len(kept) < len(many)
    assert limit_s >= LEAST_S

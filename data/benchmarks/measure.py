"""Measure what the benchmark page shows: tables and plots, from runs that are kept.

    python data/benchmarks/measure.py sets FOLDER --seconds 10 60 --seeds 3

Runs that stand in the --out folder are not made again, so that a long measurement can be
interrupted and taken up; the tables show all runs that stand there. After a change to an engine
say --anew ENGINE.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch.demo.sizes import SIZES
from dispatch.errors import DispatchError

OUT = Path("var/benchmarks")
PARTS = ("sets", "ablation", "factorial", "convergence", "days", "record")
"""Those that keep their runs."""
NAMELESS = ("ablation", "factorial", "record")
"""Those whose runs are all of one engine."""
FINE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
NEW_BEST = Path(__file__).parent / "new-best"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code is that of a command."""
    given = _parser().parse_args(arguments)
    out: Path = given.out or _folder(given.part)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the children have it
    try:
        if given.anew is not None:
            _forget(given, out)
        written, fine = _measured(given, out)
    except KeyboardInterrupt:
        print(f"interrupted; what was run by then stands in {out}", file=sys.stderr)
        return INTERRUPTED
    except DispatchError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    for path in written:
        if path.exists():
            print(path)
    return FINE if fine else FAILED


def _folder(part: str) -> Path:
    """The short form must not mix with the long one."""
    return OUT / "short" if part == "short" else OUT


def _forget(given: argparse.Namespace, out: Path) -> None:
    """Drop what stands in the folder for this part, or for these engines.

    What is mistyped is refused first, so that it does not cost what stands there.
    """
    from dispatch.bench.contenders import contenders
    from dispatch.formats.benchmarks.sources import find_instances
    from run_store import forget

    contenders([*given.anew, *getattr(given, "engines", ())])
    if getattr(given, "paths", ()):
        find_instances(given.paths)
    for part in PARTS if given.part == "short" else (given.part,):
        engines = () if part in NAMELESS else given.anew
        forget(out / f"{part}.jsonl", engines)


def _measured(given: argparse.Namespace, out: Path) -> tuple[list[Path], bool]:
    """What was written, and whether all is as it should be."""
    if given.part == "check":
        from part_check import check_solutions

        return check_solutions(given.paths, given.solutions, out=out)
    return _measure(given, out), True


def _measure(given: argparse.Namespace, out: Path) -> list[Path]:
    """Each part is imported when it is asked for, so that --help stays quick."""
    if given.part == "sets":
        from part_sets import measure_sets

        return measure_sets(
            given.paths,
            seconds=given.seconds,
            seeds=given.seeds,
            engines=given.engines,
            workers=given.workers,
            out=out,
        )
    if given.part == "ablation":
        from part_ablation import measure_ablation

        return measure_ablation(
            given.paths,
            sizes=given.days,
            seconds=given.seconds,
            seeds=given.seeds,
            workers=given.workers,
            out=out,
        )
    if given.part == "factorial":
        from part_factorial import measure_factorial

        return measure_factorial(
            given.paths, seconds=given.seconds, runs=given.runs, workers=given.workers, out=out
        )
    if given.part == "convergence":
        from part_convergence import measure_convergence

        return measure_convergence(
            given.paths,
            seconds=given.seconds,
            seed=given.seed,
            engines=given.engines,
            workers=given.workers,
            out=out,
        )
    if given.part == "days":
        from part_days import measure_days

        return measure_days(
            sizes=given.sizes,
            seconds=given.seconds,
            seeds=given.seeds,
            engines=given.engines,
            bound_s=given.bound_seconds,
            workers=given.workers,
            out=out,
        )
    if given.part == "moments":
        from part_moments import measure_moments

        return measure_moments(size=given.size, seed=given.seed, seconds=given.seconds, out=out)
    if given.part == "record":
        from part_record import measure_record

        return measure_record(
            jobs=given.jobs, times=given.times, size=given.size, imported="large", out=out
        )
    from part_short import measure_short

    return measure_short(given.paths, workers=given.workers, out=out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(dest="part", required=True)

    sets = _part(parts, "sets", "engines and peers on published sets", paths="+")
    sets.add_argument("--seconds", type=_seconds, nargs="+", default=[10.0, 60.0], help="limits")
    sets.add_argument("--seeds", type=_count, default=3, help="how many: 1 to this number")
    sets.add_argument("--engines", nargs="+", default=["lns", "pyvrp", "vroom", "ortools"])

    ablation = _part(parts, "ablation", "`lns` without one of its pieces", paths="*")
    ablation.add_argument(
        "--days", nargs="+", choices=SIZES, default=[], metavar="SIZE", help="of the demo city, too"
    )
    ablation.add_argument("--seconds", type=_seconds, default=10.0, help="limit")
    ablation.add_argument("--seeds", type=_count, default=3, help="how many: 1 to this number")

    factorial = _part(parts, "factorial", "`lns` with a random half of its pieces", paths="+")
    factorial.add_argument("--seconds", type=_seconds, default=10.0, help="limit")
    factorial.add_argument("--runs", type=_count, default=12, help="of each instance")

    convergence = _part(parts, "convergence", "the gap over time", paths="+")
    convergence.add_argument("--seconds", type=_seconds, default=60.0, help="limit")
    convergence.add_argument("--seed", type=_count, default=1)
    convergence.add_argument("--engines", nargs="+", default=["lns"])

    days = _part(parts, "days", "days of the demo city")
    days.add_argument(
        "--sizes", nargs="+", choices=SIZES, default=["small", "city", "large"], metavar="SIZE"
    )
    limits = [1.0, 5.0, 10.0, 30.0, 60.0]
    days.add_argument("--seconds", type=_seconds, nargs="+", default=limits, help="limits")
    days.add_argument("--seeds", type=_count, default=1, help="days of each size")
    days.add_argument(
        "--engines",
        nargs="+",
        choices=["lns", "portfolio", "partition", "cpsat", "ortools", "greedy", "vroom"],
        default=["lns", "ortools", "greedy", "vroom"],
        metavar="NAME",
    )
    days.add_argument(
        "--bound-seconds", type=_seconds, default=10.0, help="for the lower bound of each day"
    )

    moments = _part(parts, "moments", "what a person waits for: starts, first plans, one more job")
    moments.add_argument("--size", choices=SIZES, default="large", metavar="SIZE")
    moments.add_argument("--seed", type=_count, default=1)
    moments.add_argument("--seconds", type=_seconds, default=5.0, help="for the plan it asks")

    record = _part(parts, "record", "the service over a record of many jobs, beside bare SQL")
    record.add_argument("--jobs", type=_count, default=100_000, help="how many are stored")
    record.add_argument("--times", type=_count, default=200, help="how often each is asked")
    record.add_argument("--size", choices=SIZES, default="city", metavar="SIZE", help="of a day")

    check = _part(parts, "check", "solution files against their instances", paths="+")
    check.add_argument(
        "--solutions",
        type=Path,
        default=NEW_BEST,
        metavar="FOLDER",
        help="SET/INSTANCE-* in it; those that come with the product if not given",
    )

    _part(
        parts,
        "short",
        "a little of everything, within ten minutes; without a path, the days alone",
        paths="*",
    )
    return parser


def _part(
    parts: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    says: str,
    *,
    paths: str = "",
) -> argparse.ArgumentParser:
    """A part with what all of them have."""
    part = parts.add_parser(name, help=says, description=says)
    if paths:
        part.add_argument(
            "paths", type=Path, nargs=paths, metavar="PATH", help="instances, or folders of them"
        )
    part.add_argument("--workers", type=_count, default=1, help="runs at once; each needs a core")
    part.add_argument(
        "--anew",
        nargs="*",
        metavar="ENGINE",
        help="forget what stands in the folder first, of these engines if some are named",
    )
    part.add_argument("--out", type=Path, help=f"folder; {_folder(name)} if not given")
    return part


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is below 1")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and up to a day")
    return seconds


if __name__ == "__main__":
    sys.exit(main())

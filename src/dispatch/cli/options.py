"""Options and arguments that several commands share. Their help stands in the text catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

LONGEST_RUN_S = 86_400
HIGHEST_SEED = 2**32 - 1

DayFile: TypeAlias = Annotated[Path, typer.Argument(metavar="DAY")]
PlanFile: TypeAlias = Annotated[Path, typer.Argument(metavar="PLAN")]
Out: TypeAlias = Annotated[Path, typer.Option("--out", metavar="FILE")]
Time: TypeAlias = Annotated[
    float, typer.Option("--time", metavar="SECONDS", min=0.1, max=LONGEST_RUN_S)
]
Iterations: TypeAlias = Annotated[int | None, typer.Option("--iterations", metavar="N", min=0)]
Engine: TypeAlias = Annotated[str, typer.Option("--engine", metavar="NAME")]
Cores: TypeAlias = Annotated[int | None, typer.Option("--cores", metavar="N", min=1, max=64)]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", metavar="N", min=0, max=HIGHEST_SEED)]
Travel: TypeAlias = Annotated[str | None, typer.Option("--travel", metavar="SPEC")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json")]
SizeName: TypeAlias = Annotated[Literal["small", "city", "large", "huge"], typer.Option("--size")]

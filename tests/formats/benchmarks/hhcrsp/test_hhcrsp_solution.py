from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dispatch.formats.benchmarks.hhcrsp.model import CarePlan, CareRoute, CareVisit
from dispatch.formats.benchmarks.hhcrsp.solution import read_solution, write_solution

names = st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable())
minutes = st.floats(0, 1e6)
visits = st.builds(CareVisit, names, names, minutes, minutes)
routes = st.builds(CareRoute, names, st.lists(visits, max_size=4).map(tuple))
plans = st.builds(CarePlan, st.lists(routes, max_size=4).map(tuple))


@given(plans)
def test_what_is_written_is_read_again_to_the_last_bit(plan: CarePlan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        write_solution(plan, path)
        assert read_solution(path) == plan

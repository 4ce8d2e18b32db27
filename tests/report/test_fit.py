from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.examples import small_day, small_plan

from dispatch.domain.plan import Plan, Unassigned
from dispatch.errors import InvalidInput
from dispatch.report.fit import check_fit
from dispatch.report.html import write_report
from dispatch.report.png import write_gantt_png, write_map_png


def misfit() -> Plan:
    """A stranger's route, an unknown shift, an unknown job on a route and one left out."""
    plan = small_plan()
    bo, ana = plan.routes
    stranger = replace(bo, technician="dan")
    wrong_shift = replace(ana, shift="night")
    wrong_job = replace(ana, visits=(replace(ana.visits[0], job="J99"), *ana.visits[1:]))
    return replace(
        plan,
        routes=(stranger, wrong_shift, wrong_job),
        unassigned=(*plan.unassigned, Unassigned(job="J98")),
    )


def test_a_plan_of_its_day_fits() -> None:
    check_fit(small_day(), small_plan())


def test_everything_unknown_is_found_at_once_with_its_place() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_fit(small_day(), misfit())
    found = [(finding.code, str(finding.place)) for finding in caught.value.findings]
    assert found == [
        ("report.unknown-technician", "/routes/0/technician"),
        ("report.unknown-shift", "/routes/1/shift"),
        ("report.unknown-job", "/routes/2/visits/0/job"),
        ("report.unknown-job", "/unassigned/1/job"),
    ]


def test_a_job_without_its_site_is_unknown() -> None:
    day = small_day()
    with pytest.raises(InvalidInput, match="J1"):
        check_fit(replace(day, sites=day.sites[1:]), small_plan())


@pytest.mark.parametrize("write", [write_report, write_map_png, write_gantt_png])
def test_no_picture_is_made_of_a_misfit(write, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        write(small_day(), misfit(), tmp_path / "picture")
    assert not list(tmp_path.iterdir())

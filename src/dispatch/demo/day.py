"""A whole sample day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.demo import jobs, obstacles, sites, staff, ties
from dispatch.demo.calendar import ZONE, at, midnight_after
from dispatch.demo.company import OUTLETS, POLICY, TERRITORIES
from dispatch.demo.ground import ground
from dispatch.demo.sizes import Size
from dispatch.demo.trades import JOB_TYPES, SKILLS
from dispatch.domain.day import Day
from dispatch.domain.position import Position


def demo_day(size: Size, seed: int, positions: Sequence[Position] | None = None) -> Day:
    """A sample day of the demo city.

    Parameters
    ----------
    size
        One of :data:`dispatch.demo.sizes.SIZES`.
    seed
        The same size and seed give the same day.
    positions
        Where homes and sites may lie; streets of the demo city if not given.

    Raises
    ------
    Unavailable
        The shipped streets are missing.
    """
    places = ground() if positions is None else positions
    for_staff, for_sites, for_jobs, for_ties = np.random.default_rng(
        [seed, size.technicians, size.jobs]
    ).spawn(4)
    technicians = staff.technicians(for_staff, size, places)
    placed, of_jobs = sites.sites(for_sites, size.jobs, places)
    drawn = jobs.jobs(for_jobs, size, of_jobs)
    possible, impossible = drawn[: -size.impossible], drawn[-size.impossible :]
    work = (
        *ties.tie(for_ties, possible, technicians),
        *obstacles.obstruct(impossible, technicians),
    )
    visited = {job.site for job in work}
    return Day(
        id=f"gothenburg-{size.name}-{seed}",
        name=f"Gothenburg, {size.name}, seed {seed}",
        zone=ZONE,
        start=at(0),
        end=midnight_after(),
        policy=POLICY,
        skills=SKILLS,
        territories=TERRITORIES,
        outlets=OUTLETS,
        sites=tuple(site for site in placed if site.id in visited),
        job_types=JOB_TYPES,
        technicians=technicians,
        jobs=work,
    )

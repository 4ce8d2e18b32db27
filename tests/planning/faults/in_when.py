"""Faults of time: windows, durations, shifts, absences, breaks, dependencies."""

from __future__ import annotations

from dataclasses import replace

from tests.planning.faults.edits import Case
from tests.planning.faults.planting import plants
from tests.planning.faults.sound import at

from dispatch.domain.job import Dependency
from dispatch.domain.plan import PlannedBreak
from dispatch.domain.shift import Absence, Break
from dispatch.domain.window import Window

LUNCH = Break(earliest=at("12:10"), latest=at("13:00"), duration_s=1_800)
LUNCH_TAKEN = PlannedBreak(start=at("12:10"), end=at("12:40"))


@plants("window.missed", by_s=1)
def a_start_before_the_window(case: Case) -> Case:
    return case.with_job("J1", windows=(Window(start=at("08:30:01"), end=at("10:00")),))


@plants("window.missed", by_s=1_800)
def a_start_between_two_windows(case: Case) -> Case:
    windows = (
        Window(start=at("07:00"), end=at("07:30")),
        Window(start=at("09:00"), end=at("10:00")),
    )
    return case.with_job("J1", windows=windows)


@plants("visit.overlap", "visit.before-arrival", before="J1", by_s=1)
def two_visits_at_once(case: Case) -> Case:
    return case.with_visit("J2", start=at("09:55:59"), end=at("10:25:59"))


@plants("visit.before-arrival", by_s=1)
def a_start_before_the_arrival(case: Case) -> Case:
    return case.with_visit("J4", start=at("12:49:59"), end=at("13:21:59"))


@plants("visit.duration", expected_s=1_800, found_s=1_799)
def a_visit_that_ends_too_soon(case: Case) -> Case:
    return case.with_visit("J5", end=at("14:21:59"))


@plants("visit.duration")
def a_visit_that_lasts_too_long(case: Case) -> Case:
    return case.with_visit("J3", 1, end=at("11:41")).with_route("cem", "day", finish=at("11:41"))


@plants("visit.duration", expected_s=2_580, found_s=2_400)
def a_slower_technician_in_the_same_time(case: Case) -> Case:
    return case.with_technician("cem", duration_factor=1.1)


@plants("visit.setup", expected_s=600, found_s=0)
def a_setup_forgotten(case: Case) -> Case:
    return case.with_visit("J3", setup_s=0)


@plants("visit.setup", expected_s=0, found_s=300)
def a_setup_at_the_same_site_again(case: Case) -> Case:
    return case.with_visit("J2", setup_s=300)


@plants("visit.lateness", expected_s=3_360, found_s=0)
def a_lateness_kept_quiet(case: Case) -> Case:
    return case.with_visit("J1", lateness_s=0)


@plants("visit.lateness")
def a_lateness_without_a_due_time(case: Case) -> Case:
    return case.with_visit("J2", lateness_s=60)


@plants("route.horizon", by_s=1)
def a_way_home_after_the_planning_window(case: Case) -> Case:
    return case.with_day(end=at("16:52:59"))


@plants("visit.horizon", "route.horizon", by_s=1)
def a_visit_after_the_planning_window(case: Case) -> Case:
    return case.with_day(end=at("16:12:59"))


@plants("shift.start", by_s=1)
def leaving_before_the_shift(case: Case) -> Case:
    return case.with_shift("ann", "day", start=at("08:20:01"))


@plants("shift.end", by_s=1)
def more_overtime_than_allowed(case: Case) -> Case:
    return case.with_shift("ann", "day", overtime_s=53 * 60 - 1)


@plants("shift.overtime", expected_s=3_180, found_s=0)
def overtime_kept_quiet(case: Case) -> Case:
    return case.with_route("ann", "day", overtime_s=0)


@plants("shift.max-jobs", most=5, found=6)
def more_jobs_than_allowed(case: Case) -> Case:
    return case.with_shift("ann", "day", max_jobs=5)


@plants("shift.max-travel", most_s=8_399, found_s=8_400)
def more_travel_than_allowed(case: Case) -> Case:
    return case.with_shift("ann", "day", max_travel_s=8_399)


@plants("route.overlap", other="late", by_s=1)
def two_routes_of_one_technician_at_once(case: Case) -> Case:
    return (
        case.with_shift("bo", "early", end=at("14:00"))
        .with_leg("bo", "early", 1, depart=at("12:52:01"), arrive=at("13:00:01"))
        .with_route("bo", "early", finish=at("13:00:01"))
    )


@plants("absence.worked", by_s=1)
def work_during_an_absence(case: Case) -> Case:
    return case.with_technician("cem", absences=(Absence(start=at("11:39:59"), end=at("12:00")),))


@plants("break.missing", "leg.too-slow", expected_s=1_800)
def a_break_not_taken(case: Case) -> Case:
    return case.with_route("ann", "day", breaks=())


@plants("break.window", by_s=1)
def a_break_too_early(case: Case) -> Case:
    lunch = replace(LUNCH, earliest=at("12:10:01"))
    return case.with_shift("ann", "day", breaks=(lunch,))


@plants("break.window", by_s=1)
def a_break_too_late(case: Case) -> Case:
    lunch = replace(LUNCH, earliest=at("12:00"), latest=at("12:09:59"))
    return case.with_shift("ann", "day", breaks=(lunch,))


@plants("break.duration", expected_s=1_860, found_s=1_800)
def a_break_too_short(case: Case) -> Case:
    return case.with_shift("ann", "day", breaks=(replace(LUNCH, duration_s=1_860),))


@plants("break.unknown", found_s=300)
def a_break_that_nobody_ordered(case: Case) -> Case:
    coffee = PlannedBreak(start=at("10:40"), end=at("10:45"))
    return case.with_route("ann", "day", breaks=(coffee, LUNCH_TAKEN))


@plants("break.worked", "leg.too-slow", by_s=1_200)
def work_during_a_break(case: Case) -> Case:
    late = PlannedBreak(start=at("12:40"), end=at("13:10"))
    return case.with_route("ann", "day", breaks=(late,))


@plants("break.overlap", by_s=1_800)
def two_breaks_at_once(case: Case) -> Case:
    return case.with_shift("ann", "day", breaks=(LUNCH, LUNCH)).with_route(
        "ann", "day", breaks=(LUNCH_TAKEN, LUNCH_TAKEN)
    )


@plants("break.outside", by_s=900)
def a_break_before_the_shift(case: Case) -> Case:
    dawn = Break(earliest=at("07:30"), latest=at("08:30"), duration_s=600)
    taken = PlannedBreak(start=at("07:45"), end=at("07:55"))
    return case.with_shift("ann", "day", breaks=(dawn, LUNCH)).with_route(
        "ann", "day", breaks=(taken, LUNCH_TAKEN)
    )


@plants("break.outside", by_s=600)
def a_break_after_the_route(case: Case) -> Case:
    brunch = Break(earliest=at("11:30"), latest=at("12:00"), duration_s=600)
    taken = PlannedBreak(start=at("11:40"), end=at("11:50"))
    return case.with_shift("cem", "day", breaks=(brunch,)).with_route("cem", "day", breaks=(taken,))


@plants("dependency.missing", before="J9")
def a_job_after_one_that_is_left_out(case: Case) -> Case:
    return case.with_job("J4", dependencies=(Dependency(job="J9"),))


@plants("dependency.early", before="J1", by_s=1)
def a_job_too_soon_after_another(case: Case) -> Case:
    least = Dependency(job="J1", min_delay_s=174 * 60 + 1)
    return case.with_job("J4", dependencies=(least,))


@plants("dependency.late", before="J1", by_s=1)
def a_job_too_late_after_another(case: Case) -> Case:
    most = Dependency(job="J1", max_delay_s=174 * 60 - 1)
    return case.with_job("J4", dependencies=(most,))


@plants("dependency.early", before="J3", by_s=60)
def a_job_before_a_crew_has_wholly_ended(case: Case) -> Case:
    return case.with_job("J6", dependencies=(Dependency(job="J3", min_delay_s=69 * 60),))


@plants("dependency.early", before="J8", by_s=51 * 60)
def a_crew_whose_second_half_alone_is_late_enough(case: Case) -> Case:
    return case.with_job("J5", dependencies=(Dependency(job="J8", min_delay_s=7 * 3_600),))


@plants("break.unknown", "leg.too-fast", found_s=3_600)
def a_break_half_in_an_absence(case: Case) -> Case:
    half = PlannedBreak(start=at("14:10"), end=at("15:10"))
    return case.with_route("bo", "late", breaks=(half,))

"""When a job may start, by what it waits for and by what waits for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.domain.job import Dependency, Job
from dispatch.domain.plan import Reason
from dispatch.domain.window import Window, WindowKind
from dispatch.store.kinds.kind import Span


def hard_windows(job: Job, first: datetime, last: datetime) -> tuple[Window, ...]:
    """What a job's hard windows have of some time; all of it, if it has no hard window."""
    hard = [(one.start, one.end) for one in job.windows if one.kind is WindowKind.HARD]
    common = ((max(start, first), min(end, last)) for start, end in hard or [(first, last)])
    return tuple(Window(start=start, end=end) for start, end in common if start <= end)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when to when, both included; what is None does not bound it."""

    first: datetime | None = None
    last: datetime | None = None
    before: str = ""
    """What it waits for the longest, as whoever asks may call it."""
    after: str = ""
    """What waits for it, and bounds it the most."""
    never: bool = False
    """Whether nobody knows yet when ``before`` will be over."""

    def why_not(self, whole: Span) -> Reason:
        """Why it cannot start in some time."""
        too_late = self.first is not None and self.first > whole.end
        if self.never or not self.after or (too_late and self.before):
            return Reason(code="visit.waits", values={"before": self.before})
        return Reason(code="visit.awaited", values={"after": self.after})

    def meet(self, whole: Span) -> bool:
        """Whether it may start in some time."""
        first, last = self.first or whole.start, self.last or whole.end
        return not self.never and max(first, whole.start) <= min(last, whole.end)

    def wait(self, dependency: Dependency, name: str, end: datetime | None) -> Bounds:
        """The same, and after a job that ends then; None if nobody knows when."""
        if end is None:
            return replace(self, before=name, never=True)
        least = timedelta(seconds=dependency.min_delay_s)
        most = dependency.max_delay_s
        found = self.not_before(end + least, name)
        return found if most is None else found.not_after(end + timedelta(seconds=most))

    def precede(
        self, dependency: Dependency, name: str, start: datetime, lasts_s: tuple[float, float]
    ) -> Bounds:
        """The same, and before a job that starts then.

        Parameters
        ----------
        lasts_s
            From the start of this one to its end, at least and at most.
        """
        shortest, longest = (timedelta(seconds=round(seconds)) for seconds in lasts_s)
        last = start - timedelta(seconds=dependency.min_delay_s) - longest
        found = self.not_after(last, name)
        if dependency.max_delay_s is None:
            return found
        first = start - timedelta(seconds=dependency.max_delay_s) - shortest
        return replace(found.not_before(min(first, last), self.before), after=name)

    def within(self, job: Job, whole: Span) -> Job | None:
        """A job whose hard windows keep to it on a day; None if none is left."""
        if self.never:
            return None
        rest = tuple(window for window in job.windows if window.kind is not WindowKind.HARD)
        first = max(whole.start, self.first or whole.start)
        last = min(whole.end, self.last or whole.end)
        kept = hard_windows(job, first, last)
        return replace(job, windows=(*kept, *rest)) if kept else None

    def stay(self, start: datetime | None) -> Bounds:
        """The same for what is planned to start then: not earlier, if it waits for something."""
        if start is None or not self.before:
            return self
        return replace(self, first=max(start, self.first or start), never=False)

    def not_before(self, first: datetime, name: str) -> Bounds:
        """The same, and so because of a job of that name."""
        if self.never or (self.first is not None and self.first >= first):
            return self
        return replace(self, first=first, before=name)

    def not_after(self, last: datetime, name: str | None = None) -> Bounds:
        """The same, if ``name`` is given because of a job that waits."""
        if self.last is not None and self.last <= last:
            return self
        return replace(self, last=last, after=self.after if name is None else name)

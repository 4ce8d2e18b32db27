"""How often a search cools down in a run."""

from __future__ import annotations

COOL_FROM = 0.5
"""The part of a cycle before which little would stay of a better plan."""
KNOWN_FROM = 0.02
"""The part of a run of searching after which all its iterations can be told beforehand."""


class Cycles:
    """Says at which part of which cycle a run is; a short run, or a large day, has but one.

    Scarce skills and tight windows make a landscape of valleys with high walls: how good a plan
    ends up depends on the valley, more than on the time spent in it. Where there is time for two
    cycles of ``a_cycle`` iterations, two find more.
    """

    def __init__(self, a_cycle: int, most: int, cool_from: float = COOL_FROM) -> None:
        self.count = 1
        self._a_cycle = max(1, a_cycle)
        self._most = most
        self._cool_from = cool_from
        self._iterations = 0
        self._begun: float | None = None
        self._known = False

    def at(self, progress: float) -> tuple[int, float]:
        """The number of the cycle, and how far it is, 0 to 1."""
        cycle = min(int(progress * self.count), self.count - 1)
        return cycle, progress * self.count - cycle

    def is_cool(self, progress: float) -> bool:
        """Whether a better plan would last now."""
        return self.at(progress)[1] >= self._cool_from

    def run(self, iterations: int, progress: float) -> None:
        """Take note of iterations that begin at this part of the run."""
        if self._begun is None:
            self._begun = progress  # until then the first plan was made
        gone = progress - self._begun
        if not self._known and gone >= KNOWN_FROM:
            self._known = True
            expected = self._iterations / gone * (1 - self._begun)
            wanted = round(expected / self._a_cycle)
            self.count = max(1, min(wanted, self._most))
        self._iterations += iterations

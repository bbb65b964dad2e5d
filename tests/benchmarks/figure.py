"""One line of the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside what it is measured against in the same run, and the aim with whether it is met."""

    what: str
    value: str
    against: str
    ratio: str
    aim: str
    is_met: bool

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Return the cells of a table row."""
        return self.what, self.value, self.against, self.ratio, self.aim, "yes" if self.is_met else "NO"


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

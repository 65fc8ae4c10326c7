"""Is there room at the pop-up that a wave mentions (S3)? Pure, and no more certain than it can be.

How many come of those who get an SMS, nobody knows beforehand. So the page says how many *may* come, and a wave is
stopped only where even the municipality's own expectation does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Room:
    """`free`: places nobody has been promised; `invited`: by waves that mention the session, this one included."""

    free: int
    invited: int
    expected_percent: int

    @property
    def expected(self) -> int:
        """How many are reckoned to come."""
        return ceil(self.invited * self.expected_percent / 100)

    @property
    def enough(self) -> bool:
        return self.expected <= self.free

    @property
    def for_everybody(self) -> bool:
        return self.invited <= self.free

    @property
    def highest_percent(self) -> int:
        """The share of those invited that there is room for, rounded down; 100 at most."""
        return 100 if self.for_everybody else 100 * max(0, self.free) // self.invited

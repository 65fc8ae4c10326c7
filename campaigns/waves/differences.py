"""What has changed between the preview that was sent for approval and the count at approval. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

# A handful of people more or less is the ordinary day; more than that is told, and confirmed.
FEW = 10
SHARE = 0.02


class Counted(Protocol):
    """The figures of a preview."""

    @property
    def recipients(self) -> int: ...
    @property
    def segments(self) -> int: ...
    @property
    def left_out(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Difference:
    """One figure before and now; `what` is `recipients`, `segments` or a reason to leave out."""

    what: str
    before: int
    now: int


def differences(before: Counted, now: Counted) -> list[Difference]:
    """Empty when recipients and parts are nearly the same; else every figure that is not."""
    material = _far(before.recipients, now.recipients) or _far(before.segments, now.segments)
    if not material:
        return []
    figures = [
        Difference("recipients", before.recipients, now.recipients),
        Difference("segments", before.segments, now.segments),
        *(
            Difference(reason, before.left_out.get(reason, 0), now.left_out.get(reason, 0))
            for reason in sorted({*before.left_out, *now.left_out})
        ),
    ]
    return [each for each in figures if each.before != each.now]


def _far(before: int, now: int) -> bool:
    return abs(now - before) > max(FEW, SHARE * before)

"""What the rule of next steps knows, and what it answers (K1, K2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from registry.models import CitizenStatus, ClosedReason, NextStepKind

from ..sending_window import DEFAULT_WINDOW, Window

# Statuses that end all work at once (C3); the rest of the closing rules is in `next_step`.
ENDED = frozenset(
    {
        CitizenStatus.DECEASED,
        CitizenStatus.EMIGRATED,
        CitizenStatus.DISAPPEARED,
        CitizenStatus.CANCELLED,
    }
)
OFFICE_OPENS = 8
DEFAULT_CALL_HOURS = (10,)
# C4: a number that was not to be found is looked for again after this; somebody may have got one since. Who will not
# give a number is not asked for it again.
LOOKUP_RESTS = timedelta(days=30)
# Working days a letter or a last call gets before the attempts count as unanswered.
LAST_WAIT_DAYS = 5
WAIT_WITHOUT_DEADLINE_DAYS = 10


@dataclass(frozen=True)
class PolicyStep:
    """One row of a contact policy: kind, working days of delay, attempts, hours of the day for each attempt."""

    kind: str
    delay_days: int = 0
    attempts: int = 1
    retry_days: int = 1
    hours: Sequence[int] = DEFAULT_CALL_HOURS


@dataclass(frozen=True)
class Policy:
    """A programme's steps in order, the hours between two messages (K9), and when messages may go (S4)."""

    steps: Sequence[PolicyStep]
    quiet_gap_hours: int = 24
    window: Window = DEFAULT_WINDOW

    @property
    def first_call_hour(self) -> int:
        return next((step.hours[0] for step in self.steps if step.kind == "call" and step.hours), 10)


@dataclass(frozen=True)
class Facts:
    """What the rule knows of one follow-up and its citizen; `child` and the phone facts hold at planning time."""

    opened_at: datetime
    reachable: bool = True
    can_sms: bool = True
    opted_out: bool = False
    child: bool = False
    # Somebody looked for a number in vain, so lately that it need not be tried again (`LOOKUP_RESTS`).
    lookup_failed: bool = False
    citizen_status: str = CitizenStatus.ACTIVE
    do_not_contact: bool = False
    sms_sent: int = 0
    call_attempts: int = 0
    letters_sent: int = 0
    last_contact_at: datetime | None = None
    answer_due: date | None = None
    kind: str = ""
    at: datetime | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NextStep:
    """What happens next, when and why; or, with `closes`, that nothing more happens."""

    kind: NextStepKind | None
    at: datetime | None
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    closes: ClosedReason | None = None
    reopen_on: date | None = None

"""What surrounds a follow-up at a moment and keeps somebody from being contacted, beside its next step (K1, K9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContactSigns:
    """`talking`: a colleague holds the call. `message_*`: the machine's message that waits or is on its way.

    `cancelled_at` and `cancelled_for`: when a planned message was cancelled because a person spoke with the citizen
    (`contacted`) or the citizen wrote back (`replied`). `opted_out`: no mobile that takes SMS is left for that reason.
    """

    talking: bool = False
    message_status: str = ""
    message_reason: str = ""
    message_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_for: str = ""
    opted_out: bool = False
    protected: bool = False
    child: bool = False


NO_SIGNS = ContactSigns()

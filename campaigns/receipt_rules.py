"""What a delivery report does to a message's status (S6): it never falls, and what is final stays so. Pure."""

from __future__ import annotations

from enum import StrEnum

from .models import MessageStatus as S

# The gateway's words. `scheduled`, `sending` and `accepted` all mean: the gateway has it, the telephone not yet.
MEANING = {
    "accepted": S.ACCEPTED,
    "scheduled": S.ACCEPTED,
    "queued": S.ACCEPTED,
    "sending": S.ACCEPTED,
    "sent": S.SENT,
    "delivered": S.DELIVERED,
    # Only channels that tell so, and then it certainly arrived.
    "read": S.DELIVERED,
    "undelivered": S.UNDELIVERED,
    "failed": S.FAILED,
    "canceled": S.CANCELLED,
}
RANK = {S.QUEUED: 0, S.HANDING_OVER: 1, S.IN_DOUBT: 2, S.ACCEPTED: 3, S.SENT: 4}
FINAL = frozenset({S.DELIVERED, S.UNDELIVERED, S.FAILED, S.CANCELLED, S.EXPIRED})
# The gateway has not confirmed these: the first news from it also says that the contact was made.
UNCONFIRMED = frozenset({S.QUEUED, S.HANDING_OVER, S.IN_DOUBT})


class Verdict(StrEnum):
    """What is done about a report."""

    APPLY = "applied"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    UNKNOWN = "unknown_status"


def meaning_of(raw: str) -> S | None:
    """Our status for the gateway's word; None for one that we do not know (SW08)."""
    return MEANING.get(raw.strip().lower())


def verdict(current: str, reported: S | None) -> Verdict:
    """Whether a message that is `current` becomes `reported` (SW04, SW05, SW08).

    Late news of an earlier stage is nothing new. A second, different end contradicts the first, which is kept.
    """
    now = S(current)
    if reported is None:
        return Verdict.UNKNOWN
    if now in FINAL:
        return Verdict.CONFLICT if reported in FINAL and reported != now else Verdict.REPEATED
    if reported in FINAL:
        return Verdict.APPLY
    return Verdict.APPLY if RANK[reported] > RANK[now] else Verdict.REPEATED

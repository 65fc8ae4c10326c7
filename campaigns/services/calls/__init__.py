"""The call queue: take the most urgent citizen under a lock with expiry, give them back, hand them on (K4)."""

from .claiming import AT_WORK_WITHIN, CLAIM_MINUTES, PROMISE_GRACE, claim, claim_next, release
from .handing_on import HandedOn, assign, assign_all, release_all, take_over, take_over_all, undo_handing_on

__all__ = [
    "AT_WORK_WITHIN",
    "CLAIM_MINUTES",
    "PROMISE_GRACE",
    "HandedOn",
    "assign",
    "assign_all",
    "claim",
    "claim_next",
    "release",
    "release_all",
    "take_over",
    "take_over_all",
    "undo_handing_on",
]

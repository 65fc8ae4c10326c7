"""What people do with a list: hand it in, map its columns, decide rows, approve, reject, withdraw, undo (L3–L6)."""

from .approval import approve
from .decisions import (
    decide,
    decide_each,
    decide_earliest_groups,
    decide_matching,
    undo_decisions,
)
from .ending import reject, withdraw
from .mapping import confirm_mapping, reopen_mapping
from .receiving import receive_list
from .undoing import undo

__all__ = [
    "approve",
    "confirm_mapping",
    "decide",
    "decide_each",
    "decide_earliest_groups",
    "decide_matching",
    "receive_list",
    "reject",
    "reopen_mapping",
    "undo",
    "undo_decisions",
    "withdraw",
]

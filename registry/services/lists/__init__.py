"""What people do with a list: hand it in, map its columns, decide rows, approve, reject, withdraw, undo (L3–L6)."""

from .approval import approve
from .decisions import confirm_mapping, decide
from .ending import reject, withdraw
from .receiving import receive_list
from .undoing import undo

__all__ = ["approve", "confirm_mapping", "decide", "receive_list", "reject", "undo", "withdraw"]

"""News that travels upward: received only in `receivers.py` of higher apps."""

from django.dispatch import Signal

# Sent inside the transaction that committed a list. Arguments: nonresponder_list_id, municipality_id, now, by.
list_committed = Signal()
# Sent inside the transaction that undid a list. The same arguments.
list_undone = Signal()
# Sent inside the transaction in which citizens changed so that their next steps may change (import, death, move).
# Arguments: municipality_id, now, by.
citizens_changed = Signal()

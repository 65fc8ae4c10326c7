"""News that travels upward: received only in `receivers.py` of higher apps."""

from django.dispatch import Signal

# Sent inside the transaction that committed a list. Arguments: nonresponder_list_id, municipality_id.
list_committed = Signal()

"""News that travels upward: received only in `receivers.py` of higher apps."""

from django.dispatch import Signal

# Sent inside the transaction that published a session. Arguments: session_id.
session_published = Signal()

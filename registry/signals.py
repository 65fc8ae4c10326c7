"""News that travels upward: received only in `receivers.py` of higher apps."""

from django.dispatch import Signal

# Sent inside the transaction that committed a list. Arguments: nonresponder_list_id, municipality_id, now, by.
list_committed = Signal()
# Sent inside the transaction that undid a list. The same arguments.
list_undone = Signal()
# Sent inside the transaction in which citizens changed so that their next steps may change (import, death, move).
# Arguments: municipality_id, now, by; citizen_ids when it is only these.
citizens_changed = Signal()
# Sent inside the transaction that commits a list, before its follow-ups are made: the rows to act on stand in the
# temporary table `committing`. A receiver may say what comes first for those with act "open": it fills the temporary
# table `first_steps`. Arguments: nonresponder_list, answer_due, now.
follow_ups_opening = Signal()
# Sent inside the transaction that makes two records of one person into one (C3), before anything is moved.
# Arguments: old_id, valid_id, now, by.
citizens_merging = Signal()
# Sent inside the transaction that opened follow-ups without a list (L9).
# Arguments: citizen_ids, municipality_id, now, by.
follow_ups_opened = Signal()
# Sent inside the transaction that closed such follow-ups, or put them back. The same arguments, and undone_since: when
# what is undone had begun, else None.
follow_ups_closed = Signal()
# Citizens that an undo would remove (`citizen_ids`): a receiver returns the keys of those that must stay.
list_undoing = Signal()

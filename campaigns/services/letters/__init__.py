"""Letters in batches: made, printed or handed to Digital Post, marked as sent, noted when they come back (S9)."""

from .batches import Release, make_batch, undo_batch
from .marking import Stopped, letters_to_take_out, mark_sent
from .returned import note_returned
from .sending import record_letters_sent

__all__ = [
    "Release",
    "Stopped",
    "letters_to_take_out",
    "make_batch",
    "mark_sent",
    "note_returned",
    "record_letters_sent",
    "undo_batch",
]

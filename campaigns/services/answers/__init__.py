"""Answers of calls: recorded for every programme and person they hold for, and undone within seconds."""

from ..guardians import guardian_gate
from .preview import leads_to, taken_back
from .recording import ALL, record_answer, record_call
from .said import Contact, MemberSaid, Said
from .undoing import undo_answer

__all__ = [
    "ALL",
    "Contact",
    "MemberSaid",
    "Said",
    "guardian_gate",
    "leads_to",
    "record_answer",
    "record_call",
    "taken_back",
    "undo_answer",
]

"""Answers of calls: recorded for every programme and person they hold for, and undone within seconds."""

from .recording import record_answer
from .undoing import undo_answer

__all__ = ["record_answer", "undo_answer"]

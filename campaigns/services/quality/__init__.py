"""The sample of outcomes: pick it, judge it, tell the caller (K13)."""

from .judging import judge, mark_followed_up, mark_seen
from .sampling import pick_samples, sample_rule, save_settings

__all__ = ["judge", "mark_followed_up", "mark_seen", "pick_samples", "sample_rule", "save_settings"]

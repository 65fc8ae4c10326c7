"""Delivery reports: what they do to a message, its telephone number and the plan (S6)."""

from .applying import apply_status
from .together import Report, apply_together

__all__ = ["Report", "apply_status", "apply_together"]

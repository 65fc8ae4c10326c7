"""Delivery reports: what they do to a message, its telephone number and the plan (S6)."""

from .applying import apply_status

__all__ = ["apply_status"]

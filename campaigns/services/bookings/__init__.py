"""Booking on behalf (K11) and the chain round a booked time (K14)."""

from .requesting import ask_again, book_own, cancel, change_wishes, request_booking, withdraw, withdraw_for_attempt
from .wishes import Wishes

__all__ = [
    "Wishes",
    "ask_again",
    "book_own",
    "cancel",
    "change_wishes",
    "request_booking",
    "withdraw",
    "withdraw_for_attempt",
]

"""Booking on behalf (K11) and the chain round a booked time (K14)."""

from .ending import cancel, withdraw, withdraw_for_attempt
from .own_times import book_own
from .requesting import ask_again, change_wishes, request_booking
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

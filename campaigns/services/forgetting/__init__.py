"""What contact leaves behind goes when its time is up (A5). Figures counted from it stay."""

from .bookings import erase_bookings
from .citizens import erase_case_citizens, erase_gone_citizens
from .contacts import erase_calls, erase_contacts, erase_lookup_claims, erase_talks, erase_undo
from .earlier_contacts import erase_earlier_contacts
from .messages import erase_conversations, erase_letters, erase_messages, erase_wave_places, erase_words

__all__ = [
    "erase_bookings",
    "erase_calls",
    "erase_case_citizens",
    "erase_contacts",
    "erase_conversations",
    "erase_earlier_contacts",
    "erase_gone_citizens",
    "erase_letters",
    "erase_lookup_claims",
    "erase_messages",
    "erase_talks",
    "erase_undo",
    "erase_wave_places",
    "erase_words",
]

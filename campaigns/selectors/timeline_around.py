"""What happens around the contacts: letters in their piles, and what hangs on a booked time (S9, K14)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from registry.models import Citizen

from ..models import ChainChange, ChainEvent, Letter, LetterChannel, LetterState, LinkKind

# (moment, kind, text, by whom, detail)
Event = tuple[datetime, str, str, str, str]


def letter_events(citizen: Citizen) -> list[Event]:
    """Each letter: put in a pile, and what became of it. That it was sent is a contact, and stands there."""
    events: list[Event] = []
    for letter in Letter.objects.filter(citizen=citizen).select_related("batch").order_by("batch__created_at", "id"):
        channel = str(LetterChannel(letter.channel).label)
        events.append((letter.batch.created_at, "letter", _("Brev lavet"), letter.batch.created_by_name, channel))
        if letter.returned_at is not None:
            events.append((letter.returned_at, "letter", _("Brev kom retur"), letter.returned_by_name, ""))
        if letter.state == LetterState.TAKEN_OUT:
            events.append((letter.batch.state_changed_at, "letter", _("Brev taget ud af bunken"), "", ""))
    return events


def chain_events(citizen: Citizen) -> list[Event]:
    """Ride, helper, escort and interpreter as they were agreed, moved and cancelled, and who has the chain."""
    changes = ChainChange.objects.filter(chain__citizen=citizen).order_by("at", "id")
    return [
        (
            change.at,
            "booking",
            f"{LinkKind(change.link_kind).label}: {ChainEvent(change.event).label}"
            if change.link_kind
            else str(ChainEvent(change.event).label),
            change.by_name,
            change.to_name,
        )
        for change in changes
    ]

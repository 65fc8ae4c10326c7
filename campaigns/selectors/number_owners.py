"""Whose number it is: the citizens behind a number that writes to us (SW11)."""

from __future__ import annotations

from registry.models import Citizen, Phone, Relative

from ..models import SmsMessage


def owners_of(municipality_id: int, index: bytes) -> list[int]:
    """Citizens who have the number as their own, those for whom it works; else those for whom it was marked wrong."""
    own = Phone.objects.filter(municipality=municipality_id, number_index=index).order_by("citizen_id")
    working = list(own.filter(wrong_since=None).values_list("citizen_id", flat=True))
    return list(dict.fromkeys(working or own.values_list("citizen_id", flat=True)))


def last_written_to(municipality_id: int, index: bytes) -> int | None:
    """The citizen whom our newest message to the number was for."""
    sent = SmsMessage.objects.filter(municipality=municipality_id, number_index=index, handed_over_at__isnull=False)
    return sent.order_by("-handed_over_at").values_list("citizen_id", flat=True).first()


def candidates(municipality_id: int, index: bytes) -> list[Citizen]:
    """Whom a person may attach the number to: those it was last written for, who have it, whose relatives have it."""
    relatives = Relative.objects.filter(municipality=municipality_id, phone_index=index).order_by("citizen_id")
    last = last_written_to(municipality_id, index)
    keys = dict.fromkeys(
        [
            *([last] if last is not None else []),
            *owners_of(municipality_id, index),
            *relatives.values_list("citizen_id", flat=True),
        ]
    )
    found = {each.pk: each for each in Citizen.objects.filter(pk__in=keys, municipality=municipality_id)}
    return [found[key] for key in keys if key in found]

"""Citizens somebody about to be written down may be already: warned of, never merged (C6)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from outreach.access.actor import Actor
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import blind_index

from ..danish_order import search_key
from ..models import Citizen, Phone

MOST = 10


def possible_duplicates(actor: Actor, *, name: str, birth_date: date | None, phone: str) -> list[Citizen]:
    """Visible citizens with the same phone, or with the same name and birth date (or an unknown one); at most ten."""
    same = Q(search_name=search_key(name))
    if birth_date is not None:
        same &= Q(birth_date=birth_date) | Q(birth_date=None) | Q(birth_date_approximate=True)
    canonical = normalise(phone) if phone.strip() else None
    if canonical is not None:
        index = blind_index("phone", canonical)
        own = Phone.objects.filter(municipality_id__in=actor.municipality_codes, number_index=index)
        same |= Q(pk__in=own.values("citizen"))
    return list(Citizen.objects.visible_to(actor).filter(same).order_by("sort_name", "id")[:MOST])

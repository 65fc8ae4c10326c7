"""Whose figures a person may look at, and which programme they meant."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from outreach.access.actor import Actor
from outreach.access.selectors import served_municipality_codes
from registry.models import Municipality, Programme


def visible_municipalities(actor: Actor, on: date) -> list[Municipality]:
    """The municipalities whose figures the person may see, by name."""
    return list(Municipality.objects.visible_to(actor, on).order_by("name"))


def chosen_municipality(visible: list[Municipality], code: str) -> Municipality:
    """The visible municipality with this code; without a code one that is served here, else the first.

    Raises Http404 for one that is not visible: foreign figures do not exist.
    """
    if code:
        found = next((each for each in visible if each.code_text == code), None)
        if found is None:
            raise Http404
        return found
    served = set(served_municipality_codes())
    if not visible:
        raise Http404
    return next((each for each in visible if each.code in served), visible[0])


def active_programmes() -> list[Programme]:
    """The programmes figures can be about, the oldest first."""
    return list(Programme.objects.filter(active=True).order_by("pk"))


def chosen_programme(programmes: list[Programme], code: str) -> Programme:
    """The programme with this code, or the first. Raises Http404 for an unknown code."""
    if not code:
        return programmes[0]
    found = next((each for each in programmes if each.code == code), None)
    if found is None:
        raise Http404
    return found


def is_shared(actor: Actor, municipality: Municipality) -> bool:
    """Whether the figures cross an organisation: then they are shown after disclosure control (D4)."""
    return municipality.code not in actor.municipality_codes

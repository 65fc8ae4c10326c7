"""Whom a text is tried on: an invented person, or a real citizen with what we know of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, Municipality

from ..message_texts import first_name, municipality_title
from ..models import ContactPoint
from ..texts.examples import EXAMPLE


def sender_fields(municipality_id: int) -> dict[str, str]:
    """The municipality's name and the number citizens may call; the number is empty where none is written down."""
    municipality = Municipality.objects.get(pk=municipality_id)
    point = ContactPoint.objects.filter(municipality=municipality_id).first()
    title = municipality_title(municipality.code, municipality.name)
    return {"kommune": title, "organisation": title, "telefon": point.phone if point else ""}


def example_fields(actor: Actor) -> dict[str, str]:
    """An invented person in the actor's own municipality."""
    fields = {**EXAMPLE, "steder": _(EXAMPLE["steder"])}
    if actor.municipality_code is None:
        return fields
    own = sender_fields(actor.municipality_code)
    return {**fields, **{name: value for name, value in own.items() if value}}


def citizen_fields(citizen: Citizen, actor: Actor) -> dict[str, str]:
    """What a text would say to this citizen; time and place are invented, for no appointment is meant."""
    open_follow_ups = FollowUp.objects.open().filter(citizen=citizen).select_related("programme").order_by("programme")
    programmes = [each.programme.name for each in open_follow_ups]
    return {
        **EXAMPLE,
        "steder": _(EXAMPLE["steder"]),
        **sender_fields(citizen.municipality_id),
        "fornavn": first_name(citizen.name),
        "navn": citizen.name,
        "citizen": citizen.name,
        "caller": actor.name,
        "programmer": joined(programmes),
    }


def joined(words: list[str]) -> str:
    """`covid-19, influenza og pneumokokker`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s og %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}

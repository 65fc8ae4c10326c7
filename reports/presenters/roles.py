"""What each role can do here now, in a sentence with the way to it: shown where no panel says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.roles import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Here:
    """A sentence, and where it leads ("" nowhere)."""

    text: StrOrPromise
    url: str = ""
    action: StrOrPromise = ""


def what_you_can_do(actor: Actor) -> Here | None:
    """The sentence for roles whose work has no panel on the overview; None for the others."""
    sites = _("Se pop-up-steder")
    if actor.role == Role.TRANSPORT_PLANNER:
        return Here(
            _("Borgerne kommer til dig, når en sagsbehandler noterer, at de har brug for det. Tallet viser antal."),
            reverse("popup_sites:site_index"),
            sites,
        )
    if actor.role == Role.AUDITOR:
        return Here(
            _("Du kan se, hvem der har slået borgere op, hvornår og hvorfor."),
            reverse("audit:access_log"),
            _("Åbn adgangsloggen"),
        )
    if actor.role in {Role.HOME_CARE_HELPER, Role.VACCINATOR}:
        return Here(_("Der er ingen dagsliste til dig i dag. Den kommer her, når dit hold er sat på en rute."))
    return None

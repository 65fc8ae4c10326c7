"""What a caller is told when the citizen on the screen died, moved or left the list meanwhile (C3, L7)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from registry.models import CitizenStatus

from ..not_contacted import not_contacted_because
from ..selectors.ended_cases import EndedCase

# What the register says of a person, in words to somebody with the telephone in hand.
DO_NOT_CALL = frozenset(
    {CitizenStatus.DECEASED, CitizenStatus.EMIGRATED, CitizenStatus.DISAPPEARED, CitizenStatus.CANCELLED}
)


def ended_title(ended: EndedCase | None) -> str:
    """A heading: "Ring ikke" when the register or the citizen says so."""
    if ended is None:
        return _("Opkaldet er afsluttet")
    if ended.citizen.status != CitizenStatus.ACTIVE or ended.citizen.do_not_contact_since:
        return _("Ring ikke")
    return _("Der skal ikke ringes mere")


def ended_words(ended: EndedCase, now: datetime) -> str:
    """Why, and that nothing more is sent. One or two sentences."""
    status = ended.citizen.status
    if status == CitizenStatus.DECEASED:
        return _("Borgeren er registreret som død. Der bliver ikke ringet, skrevet eller sendt mere.")
    if status == CitizenStatus.OUTSIDE:
        return _("Borgeren er flyttet fra kommunen. Den nye kommune tager over, men tider hos regionen gælder stadig.")
    if status in DO_NOT_CALL:
        return _("CPR-registret siger: %(status)s. Der bliver ikke ringet, skrevet eller sendt mere.") % {
            "status": CitizenStatus(status).label.lower()
        }
    return not_contacted_because(ended.follow_up, ended.citizen, now) or ""


def not_saved_words(ended: EndedCase, now: datetime) -> str:
    """The same to somebody who has just pressed "Gem": what came of the answer."""
    why = ended_words(ended, now)
    if ended.citizen.status == CitizenStatus.ACTIVE and not ended.citizen.do_not_contact_since:
        return _("%(why)s Svaret er ikke gemt. Skal det gemmes, så genåbn opfølgningen på borgerens side først.") % {
            "why": why
        }
    return _("%(why)s Svaret er ikke gemt.") % {"why": why}

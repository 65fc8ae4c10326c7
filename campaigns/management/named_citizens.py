"""Find the citizen and programme a command names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen, Programme
from registry.selectors.citizens import by_cpr
from registry.selectors.reference import programme_by_code


def named_citizen(actor: Actor, cpr: str) -> Citizen:
    """The citizen of a CPR number. Raises UserError `unknown_citizen`, without repeating the number."""
    found = by_cpr(actor, cpr)
    if found is None:
        raise UserError("unknown_citizen", _("Der er ingen borger med det CPR-nummer i kommunen. Tjek nummeret."))
    return found


def named_programme(code: str | None) -> Programme | None:
    """The programme of `--programme`, or None when it was not given. Raises UserError `unknown_programme`."""
    return None if code is None else programme_by_code(code)

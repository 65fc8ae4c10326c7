"""Fill a message template's fields (S1, S2, SS02). Pure: nothing but substitution, and never an empty field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from outreach.errors import UserError

from .models import ContentClass, MessageTemplate
from .texts.bidi import keeps_numbers

FIELD = re.compile(r"\{([^{}]*)\}")
# What a template may contain: nothing about vaccination, programme or list (S1).
ALLOWED_FIELDS = frozenset({"fornavn", "kommune", "telefon", "navn", "tid", "sted"})
MAX_SEGMENTS = 10


def render(body: str, fields: Mapping[str, str]) -> str:
    """The template's text with its fields filled in.

    Raises UserError `template_field_unknown` for a field that is not on the list, and `template_field_missing` for one
    without a value, so that no "{fornavn}" and no "Hej ." is ever sent.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in ALLOWED_FIELDS:
            raise UserError(
                "template_field_unknown",
                _("Skabelonen bruger feltet »%(field)s«, som ikke findes. Ret skabelonen.") % {"field": name},
            )
        text = " ".join((fields.get(name) or "").split())
        if not text:
            raise UserError(
                "template_field_missing",
                _("Feltet »%(field)s« mangler hos modtageren. Udfyld det, før beskeden kan sendes.") % {"field": name},
            )
        # A value is text, never a template of its own.
        return keeps_numbers(body, text)

    return FIELD.sub(value, body)


def require_sendable(template: MessageTemplate) -> None:
    """Raise UserError unless the template is approved and says nothing about health (S1)."""
    if template.content_class == ContentClass.HEALTH:
        raise UserError("template_health", _("Teksten handler om helbred og kan ikke sendes som sms."))
    if template.withdrawn_at is not None:
        raise UserError("template_withdrawn", _("Teksten er trukket tilbage og kan ikke sendes. Vælg en anden."))
    if template.approved_at is None:
        raise UserError("template_not_approved", _("Skabelonen er ikke godkendt. Bed en kollega om at godkende den."))


def first_name(name: str) -> str:
    """`Anne` of `Anne Marie Hansen` and of `Hansen, Anne Marie`; empty for an empty name."""
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    return words[0] if words else ""


# Official names that are not simply "… Kommune".
MUNICIPALITY_TITLES = {101: "Københavns Kommune", 400: "Bornholms Regionskommune", 411: "Christiansø"}


def municipality_title(code: int, name: str) -> str:
    """`Ishøj Kommune`, as the municipality signs itself."""
    return MUNICIPALITY_TITLES.get(code, f"{name} Kommune")

"""A list order as a line of its page. Never queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import date_da, number_da

from ..models import ListOrder
from .lists import Mark


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order: what it is for, how long it holds, how often it was used."""

    reference: str
    programme: str
    purpose: str
    approved: str
    expires: str
    state: Mark
    used: str
    who: str


def order_line(order: ListOrder, today: date) -> OrderLine:
    """`order.used` counts the lists in use under it (`selectors.list_pages.orders_of`)."""
    used: int = order.used  # type: ignore[attr-defined]
    words = ngettext("%(number)s liste", "%(number)s lister", used) % {"number": number_da(used)}
    return OrderLine(
        reference=order.reference,
        programme=order.programme.name,
        purpose=order.purpose,
        approved=date_da(order.approved_on),
        expires=date_da(order.expires_on),
        state=_state(order, today),
        used=words if used else _("Ikke brugt endnu"),
        who=order.created_by_name,
    )


def _state(order: ListOrder, today: date) -> Mark:
    if order.expires_on < today:
        return Mark(_("Udløbet"), "danger")
    if order.approved_on > today:
        return Mark(_("Gælder fra %(day)s") % {"day": date_da(order.approved_on)}, "warning")
    return Mark(_("Gyldig"), "success")

"""What a list states (L2), as texts of a file name, a file of facts or a call: into arguments of receive_list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..models import DEFAULT_SENDER, ListOrder, Municipality, Programme
from ..selectors.reference import programme_by_code
from ..target_group_rules import group_codes


@dataclass(frozen=True)
class Statement:
    """The texts as they were given; `order` and `groups` may be empty."""

    programme: str
    as_of: str
    waiting_days: str
    groups: str = ""
    order: str = ""
    sender: str = DEFAULT_SENDER


def resolve(statement: Statement, municipality: Municipality) -> dict[str, Any]:
    """Keyword arguments of `receive_list`: programme, as_of, waiting_days, groups, order, sender.

    Raises UserError `unknown_programme`, `bad_date`, `waiting_days`, `unknown_order`.
    """
    programme = programme_by_code(statement.programme)
    return {
        "programme": programme,
        "as_of": stated_day(statement.as_of),
        "waiting_days": _days(statement.waiting_days),
        "groups": group_codes(statement.groups),
        "order": stated_order(statement.order, municipality, programme),
        "sender": statement.sender,
    }


def stated_day(text: str) -> date:
    """An ISO day. Raises UserError `bad_date`."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise UserError("bad_date", _("»%(text)s« er ikke en dato. Skriv den som 2021-04-20.") % {"text": text[:40]})
    return day


def stated_order(reference: str, municipality: Municipality, programme: Programme) -> ListOrder | None:
    """The order of this reference; None for none (the standing weekly list). Raises UserError `unknown_order`."""
    if not reference:
        return None
    orders = ListOrder.objects.filter(municipality=municipality, programme=programme)
    order = orders.filter(reference=reference.replace("\0", "")).first()
    if order is None:
        raise UserError(
            "unknown_order",
            _("Bestillingen %(reference)s findes ikke. Opret den først under Listebestillinger.")
            % {"reference": reference[:60]},
        )
    return order


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise UserError("waiting_days", _("Skriv ventetiden som et antal dage, for eksempel 22."))
    return int(text)

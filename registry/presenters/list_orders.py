"""List orders as lines of their page and as a page of their own. Never queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import date_da, number_da, percent_da

from ..models import ListOrder, ListOrderState
from .lists import Mark

S = ListOrderState


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order: what it is for, how long it holds, how often it was used."""

    order_id: int
    reference: str
    programme: str
    purpose: str
    approved: str
    expires: str
    state: Mark
    used: str
    who: str


@dataclass(frozen=True, slots=True)
class UptakeRow:
    """One place of the uptake that argues for the order; hidden figures are said to be hidden."""

    name: str
    invited: str
    complete: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The order as it is read, printed and sent."""

    title: str
    state: Mark
    facts: list[tuple[str, str]]
    uptake: list[UptakeRow] = field(default_factory=list)
    uptake_source: str = ""


def order_line(order: ListOrder, today: date) -> OrderLine:
    """`order.used` counts the lists in use under it (`selectors.list_pages.orders_of`)."""
    return OrderLine(
        order_id=order.pk,
        reference=order.reference or order.area or _("Uden nummer"),
        programme=order.programme.name,
        purpose=order.purpose,
        approved=date_da(order.approved_on),
        expires=date_da(order.expires_on),
        state=order_mark(order, today),
        used=_used(order, today),
        who=order.created_by_name,
    )


def order_page(order: ListOrder, today: date) -> OrderPage:
    """The order with everything that was said about it."""
    facts = [
        (_("Program"), order.programme.name),
        (_("Område"), order.area),
        (_("Målgrupper"), ", ".join(order.groups) or (_("alle inviterede") if order.area else "")),
        (_("Formål"), order.purpose),
        (_("Oprettet"), f"{date_da(order.created_at.date())} · {order.created_by_name}"),
        (_("Sendt til godkendelse"), date_da(order.sent_on) if order.sent_on else ""),
        (_("Bestillingens nummer"), order.reference),
        (_("Godkendt"), date_da(order.approved_on) if order.approved_on else ""),
        (_("Gælder til og med"), date_da(order.expires_on) if order.expires_on else ""),
        (_("Brugt til"), _used(order, today) if order.state == S.APPROVED else ""),
        (_("Begrundelse"), order.ended_because),
        (_("Ikke i brug mere"), _let_go(order)),
    ]
    as_of = parse_date(order.uptake.get("as_of") or "")
    source = order.uptake.get("source", "")
    return OrderPage(
        title=_("Bestilling %(reference)s") % {"reference": order.reference} if order.reference else order.area,
        state=order_mark(order, today),
        facts=[(label, value) for label, value in facts if value],
        uptake=[_uptake_row(row) for row in order.uptake.get("rows", [])],
        uptake_source=_("Opgjort pr. %(day)s. Kilde: %(source)s. Små tal er skjult.")
        % {"day": date_da(as_of), "source": source}
        if as_of
        else "",
    )


def order_mark(order: ListOrder, today: date) -> Mark:
    """Its state on that day, as a tag."""
    if order.state == S.APPROVED and order.expires_on and order.expires_on < today:
        return Mark(_("Udløbet"), "danger")
    if order.state == S.APPROVED and order.approved_on and order.approved_on > today:
        return Mark(_("Gælder fra %(day)s") % {"day": date_da(order.approved_on)}, "warning")
    tones = {S.DRAFT: "accent", S.SENT: "warning", S.APPROVED: "success", S.REFUSED: "danger", S.CANCELLED: ""}
    text = _("Gyldig") if order.state == S.APPROVED else str(S(order.state).label)
    return Mark(text, tones[S(order.state)])


def _let_go(order: ListOrder) -> str:
    """L2: when the use of its lists ended, and for how many."""
    if order.use_ended_at is None:
        return ""
    words = ngettext(
        "Siden %(day)s. %(number)s borger stod kun på dens lister, havde ikke svaret og kontaktes ikke mere.",
        "Siden %(day)s. %(number)s borgere stod kun på dens lister, havde ikke svaret og kontaktes ikke mere.",
        order.use_ended_count,
    )
    return words % {"day": date_da(localdate(order.use_ended_at)), "number": number_da(order.use_ended_count)}


def _used(order: ListOrder, today: date) -> str:
    used: int = order.used  # type: ignore[attr-defined]
    words = ngettext("%(number)s liste", "%(number)s lister", used) % {"number": number_da(used)}
    if used:
        return words
    over = order.state in (S.REFUSED, S.CANCELLED) or (order.expires_on is not None and order.expires_on < today)
    return _("Ikke brugt") if over else _("Ikke brugt endnu")


def _uptake_row(row: dict[str, Any]) -> UptakeRow:
    hidden = _("skjult") if row["suppressed"] else "–"
    invited, complete = row["invited"], row["complete_share"]
    return UptakeRow(
        name=row["name"],
        invited=hidden if invited is None else number_da(invited),
        complete=hidden if complete is None else percent_da(Decimal(str(complete))),
    )

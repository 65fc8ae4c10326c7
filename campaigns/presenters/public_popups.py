"""Openings by day, as the public page shows them (P12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outreach.design.formats import time_da

from ..selectors.public_popups import PublicPlace


@dataclass(frozen=True)
class PublicRow:
    """One opening in words."""

    place: str
    address: str
    municipality: str
    programme: str
    hours: str
    how: str
    access: list[str]
    phone: str
    phone_link: str


@dataclass(frozen=True)
class PublicDay:
    """A day with its openings."""

    name: str
    rows: list[PublicRow]


def public_rows(places: Sequence[PublicPlace]) -> list[PublicDay]:
    """The days in order; a session belongs to the day it opens."""
    return [PublicDay(_day(day), [_row(each) for each in group]) for day, group in groupby(places, key=_opens_on)]


def _opens_on(place: PublicPlace) -> date:
    return timezone.localdate(place.session.starts_at)


def _day(day: date) -> str:
    words = date_format(day, _("l j. F Y"))
    return words[:1].upper() + words[1:]


def _row(place: PublicPlace) -> PublicRow:
    session, site = place.session, place.session.site
    opens, closes = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    access = [_("Adgang med kørestol")] if site.wheelchair_access else []
    access += [_("Parkering")] if site.parking else []
    access += [site.public_transport] if site.public_transport else []
    return PublicRow(
        place=site.name,
        address=site.address,
        municipality=place.municipality,
        programme=session.programme.name,
        hours=f"{time_da(opens)}–{time_da(closes)}",
        how=_("Kom uden aftale") if session.drop_in else _("Kun med aftale: ring først"),
        access=access,
        phone=place.help_phone,
        phone_link="".join(place.help_phone.split()),
    )

"""What is wished of a booked time, in words: for the municipality's page and the region's desk alike (K11)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, weekday_year_da
from popup_sites.local_times import hours_text

from ..models import BookingRequest, Mobility, PartOfDay
from ..models.booking_words import WEEKDAYS
from .moments import clock, day_words, local_day


def programmes_of(request: BookingRequest) -> str:
    """`Covid-19, influenza`."""
    return ", ".join(each.programme.name for each in request.programmes.all())


def dose_words(request: BookingRequest) -> str:
    """`2. dosis`; nothing for the first."""
    return _("%(number)s. dosis") % {"number": request.dose} if request.dose > 1 else ""


def wish_lines(request: BookingRequest) -> list[tuple[str, str]]:
    """The wishes as label and value; what nobody wished is left out, except that every day will do."""
    names = dict(WEEKDAYS)
    days = ", ".join(str(names[str(day)]) for day in request.days)
    times = ", ".join(str(PartOfDay(part).label) for part in request.times)
    lines = [(_("Dage"), days or _("Alle dage passer")), (_("Tidspunkt"), times or _("Hele dagen passer"))]
    if request.not_before:
        lines.append((_("Tidligst"), date_da(request.not_before)))
    if request.wanted_session is not None:
        session = request.wanted_session
        lines.append((_("Sted"), f"{session.site.name}, {hours_text(session.starts_at, session.ends_at)}"))
    if request.wanted_place:
        lines.append((_("Sted"), request.wanted_place))
    if request.mobility != Mobility.NONE:
        lines.append((_("Kommer omkring"), str(Mobility(request.mobility).label)))
    if helps := help_words(request):
        lines.append((_("Har brug for"), ", ".join(helps)))
    if request.has_guardian:
        lines.append((_("Værge"), _("Borgeren har en værge")))
    if request.note:
        lines.append((_("Besked"), request.note))
    return lines


def help_words(request: BookingRequest) -> list[str]:
    """What the citizen needs to get there."""
    named = [
        (request.needs_ride, _("kørsel")),
        (request.needs_escort, _("ledsager")),
        (request.needs_interpreter, _("tolk")),
    ]
    return [word for needed, word in named if needed]


def time_words(moment: datetime) -> str:
    """`mandag den 26.04.2021 kl. 14.00`, the way a time is read out."""
    return f"{weekday_year_da(local_day(moment))} {clock(moment)}"


def deadline_words(day: date, now: datetime) -> tuple[str, str]:
    """When an answer is due, and the tone to say it in."""
    today = local_day(now)
    if day < today:
        return _("Skulle have været besvaret %(day)s") % {"day": day_words(day, today)}, "danger"
    return _("Svar senest %(day)s") % {"day": day_words(day, today)}, "warning" if day == today else ""

"""What the page says after something was done to a booking request, and what it showed before: what happened is told,
not what was asked for (K11, C5).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..models import BookingRequest, BookingState


def seen_of(request: BookingRequest) -> str:
    """What the page shows of where the request stands, to be posted back: `confirmed 2021-04-26T12:00:00+00:00`."""
    return f"{request.state} {request.booked_at.isoformat() if request.booked_at is not None else ''}".strip()


def asked_now(request: BookingRequest) -> str:
    """Of a request that was asked for, or for once more, at this moment."""
    if request.state == BookingState.HELD:
        return _("Ønsket er gemt og venter på, at borgerens oplysninger bliver frigivet.")
    return _("Ønsket er sendt til regionens bookingvagt.")


def stands_already(request: BookingRequest, *, released: bool) -> str:
    """Of a request that was left as it is; `released`: the region may see the citizen from this moment."""
    words = _("Der er ikke sendt et nyt ønske. Det, der står her, er i forvejen: %(state)s.") % {
        "state": str(BookingState(request.state).label).lower()
    }
    seen = _("Borgerens oplysninger er frigivet til det.")
    return f"{words} {seen}" if released else words


def released_now(request: BookingRequest) -> str:
    """Of a request whose citizen was released at this moment."""
    if request.state == BookingState.SENT:
        return _("Oplysningerne er frigivet, og ønsket er sendt til regionens bookingvagt.")
    return _("Oplysningerne er frigivet. Regionens bookingvagt er i gang med ønsket.")


def not_released(request: BookingRequest) -> str:
    """Of a request whose citizen needed no release by now: the first one stands, with its reason."""
    if request.released_at is None:
        return _("Borgeren er ikke længere beskyttet, så der skal ikke frigives noget.")
    return _("Oplysningerne var allerede frigivet af %(name)s. Begrundelsen er ikke ændret.") % {
        "name": request.released_by_name
    }

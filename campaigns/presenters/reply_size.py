"""How long a caseworker's own answer is, said while it is written (S2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.messaging.segments import CONCATENATED, SINGLE

from ..reply_checks import MOST_SEGMENTS, check_reply


@dataclass(frozen=True)
class ReplySize:
    """`line` is empty for an empty text; `forcing` names what makes it longer; `problem` why it is too long to send."""

    line: str = ""
    forcing: str = ""
    problem: str = ""


def reply_size(text: str) -> ReplySize:
    """Parts and characters of the answer as it would be sent."""
    checked = check_reply(text)
    size = checked.size
    if not checked.text:
        return ReplySize()
    room = SINGLE[size.encoding] if size.segments == 1 else CONCATENATED[size.encoding] * size.segments
    parts = ngettext("%(parts)s sms", "%(parts)s sms'er", size.segments) % {"parts": size.segments}
    return ReplySize(
        line=_("%(parts)s · %(units)s af %(room)s tegn") % {"parts": parts, "units": size.units, "room": room},
        forcing=_forcing_words(size.forcing_characters),
        problem=_("Det er mere end %(parts)s sms'er. Skriv kortere, eller ring.") % {"parts": MOST_SEGMENTS}
        if size.segments > MOST_SEGMENTS
        else "",
    )


def _forcing_words(characters: tuple[str, ...]) -> str:
    """One sentence on the characters outside the SMS alphabet, which are never taken out."""
    if not characters:
        return ""
    shown = " ".join(each for each in characters[:5] if each.isprintable())
    return _("Tegn uden for sms-alfabetet (%(characters)s): 70 tegn i en sms i stedet for 160.") % {"characters": shown}

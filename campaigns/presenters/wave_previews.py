"""A wave before it is sent, in plain Danish: who is left out, what it costs, when it goes, and is there room (S3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import number_da, percent_da, weekday_da
from outreach.messaging.prices import kroner
from outreach.messaging.segments import count
from registry.models import Citizen

from ..services.waves import WavePreview
from ..services.waves.texts import WaveText
from ..waves.exclusions import LeftOut
from ..waves.room import Room
from .languages import direction, language_name
from .moments import clock, local_day, moment_words


@dataclass(frozen=True)
class ReasonLine:
    """Why some get nothing, and how many."""

    value: str
    label: str
    number: int
    current: bool


@dataclass(frozen=True)
class TextLine:
    """One language's text: to whom, how long, and how it reads for some real recipients."""

    language: str
    code: str
    direction: str
    recipients: int
    parts: str
    forcing: str
    examples: list[tuple[str, str, str]]


@dataclass(frozen=True)
class PreviewView:
    """A preview as the page says it."""

    audience: int
    recipients: int
    reasons: list[ReasonLine]
    segments: int
    price: str
    when: str
    held_out: str
    too_late: str
    room: str
    room_tone: str
    texts: list[TextLine]
    counted: str


def preview_view(
    preview: WavePreview,
    *,
    now: datetime,
    chosen: str | None = None,
    samples: Mapping[str, list[Citizen]] | None = None,
    texts: Mapping[str, WaveText] | None = None,
) -> PreviewView:
    """The preview in words; with `samples` and `texts` also how it reads for some recipients."""
    return PreviewView(
        audience=preview.audience,
        recipients=preview.recipients,
        reasons=[
            ReasonLine(reason.value, str(reason.label), preview.left_out[reason], reason.value == chosen)
            for reason in LeftOut
            if preview.left_out.get(reason)
        ],
        segments=preview.segments,
        price=price_words(preview.ore, upper=preview.held_out > 0),
        when=when_words(preview, now),
        held_out=_held_out_words(preview),
        too_late=_too_late_words(preview),
        room=room_words(preview.room) if preview.room else "",
        room_tone=_room_tone(preview.room),
        texts=_text_lines(preview, samples or {}, texts or {}),
        counted=moment_words(preview.counted_at, now),
    )


def price_words(ore: Decimal | None, *, upper: bool = False) -> str:
    """`1.234,50 kr.`; says so where nobody has written the price of an SMS down."""
    if ore is None:
        return _("Prisen er ikke skrevet ind")
    words = _("%(price)s kr.") % {"price": number_da(kroner(ore), 2)}
    return _("højst %(price)s") % {"price": words} if upper else words


def when_words(preview: WavePreview, now: datetime) -> str:
    """From when until when, in words: `fra i dag kl. 10.15 til i morgen kl. 9.40`."""
    if preview.starts_at is None or preview.ends_at is None:
        return "–"
    start, end = preview.starts_at, preview.ends_at
    if clock(start) == clock(end) and local_day(start) == local_day(end):
        return f"{_day(start, now)} {clock(start)}"
    if local_day(start) == local_day(end):
        words = {"day": _day(start, now), "start": clock(start), "end": clock(end)}
        return _("%(day)s fra %(start)s til %(end)s") % words
    return _("fra %(start)s til %(end)s") % {
        "start": f"{_day(start, now)} {clock(start)}",
        "end": f"{_day(end, now)} {clock(end)}",
    }


def room_words(room: Room) -> str:
    """How the places at the pop-up go with those who are invited, without claiming to know who comes."""
    figures = {"free": number_da(room.free), "invited": number_da(room.invited), "percent": room.expected_percent}
    if room.for_everybody:
        return _("Ledige pladser: %(free)s. Inviterede: %(invited)s. Der er plads til alle.") % figures
    highest = percent_da(room.highest_percent, 0)
    words = _("Ledige pladser: %(free)s. Inviterede: %(invited)s. Der er plads, hvis højst %(highest)s kommer.")
    expected = (
        _("I regner med %(percent)s %%, så det skulle række.")
        if room.enough
        else _("I regner med %(percent)s %%, så det rækker ikke.")
    )
    return f"{words % (figures | {'highest': highest})} {expected % figures}"


def _day(moment: datetime, now: datetime) -> str:
    same = local_day(moment) == local_day(now)
    return _("i dag") if same else weekday_da(local_day(moment))


def _held_out_words(preview: WavePreview) -> str:
    if not preview.held_out:
        return ""
    return ngettext(
        "%(number)s af dem trækkes tilfældigt og får ingen sms, så virkningen kan ses.",
        "%(number)s af dem trækkes tilfældigt og får ingen sms, så virkningen kan ses.",
        preview.held_out,
    ) % {"number": number_da(preview.held_out)}


def _too_late_words(preview: WavePreview) -> str:
    if preview.too_late <= 0:
        return ""
    return _("%(number)s når ikke at blive sendt, før udsendelsen udløber.") % {"number": number_da(preview.too_late)}


def _room_tone(room: Room | None) -> str:
    if room is None or room.for_everybody:
        return "info"
    return "info" if room.enough else "warning"


def _text_lines(
    preview: WavePreview, samples: Mapping[str, list[Citizen]], texts: Mapping[str, WaveText]
) -> list[TextLine]:
    return [
        TextLine(
            language=language_name(each.language),
            code=each.language,
            direction=direction(each.language),
            recipients=each.recipients,
            parts=_parts_words(each.fewest, each.most),
            forcing=_forcing_words(each.forcing),
            examples=[
                _example(texts[each.language], citizen)
                for citizen in samples.get(each.language, [])
                if each.language in texts
            ],
        )
        for each in preview.texts
    ]


def _example(text: WaveText, citizen: Citizen) -> tuple[str, str, str]:
    body = text.body_for(citizen.name)
    parts = count(body).segments
    return citizen.name, body, ngettext("%(parts)s sms-del", "%(parts)s sms-dele", parts) % {"parts": parts}


def _parts_words(fewest: int, most: int) -> str:
    if fewest == most:
        return ngettext("%(parts)s sms-del hver", "%(parts)s sms-dele hver", most) % {"parts": most}
    return _("%(fewest)s–%(most)s sms-dele hver") % {"fewest": fewest, "most": most}


def _forcing_words(forcing: Mapping[str, int]) -> str:
    if not forcing:
        return ""
    shown = ", ".join(f"»{character}« ({number_da(number)})" for character, number in forcing.items())
    return _("Tegn uden for det almindelige sms-alfabet gør teksten længere hos: %(shown)s") % {"shown": shown}

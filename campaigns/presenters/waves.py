"""Waves in plain Danish: where each stands, who is left out, what it costs, when it goes, and is there room."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.design.formats import datetime_da, number_da, percent_da, weekday_da
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral
from outreach.messaging.prices import kroner
from outreach.messaging.segments import count
from registry.models import Citizen

from ..models import SmsWave, SmsWaveChange, WaveState
from ..services.waves import WavePreview
from ..services.waves.texts import WAVE_TEXTS, WaveText
from ..waves.differences import Difference
from ..waves.exclusions import LeftOut
from ..waves.room import Room
from .languages import direction, language_name
from .moments import clock, local_day, moment_words, stamp

TONES = {
    WaveState.AWAITING_APPROVAL: "warning",
    WaveState.APPROVED: "accent",
    WaveState.SENDING: "accent",
    WaveState.HELD: "warning",
    WaveState.FINISHED: "success",
    WaveState.REJECTED: "danger",
}
# Reasons that only show after the approval.
LATER_REASONS = {
    "not_named": gettext_lazy("Er ikke længere i målgruppen"),
    "expired": gettext_lazy("Udsendelsen udløb"),
    "cancelled": gettext_lazy("Udsendelsen blev annulleret"),
    "unsendable": gettext_lazy("Nummeret kan ikke få sms'er"),
}


@dataclass(frozen=True)
class WaveLine:
    """A row of the list."""

    id: int
    name: str
    about: str
    state: str
    tone: str
    when: str
    recipients: str
    sent: int
    delivered: int
    percent: float


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


@dataclass(frozen=True)
class Person:
    """One citizen behind a number."""

    id: int
    name: str
    cpr_masked: str
    language: str
    protected: bool


def wave_line(wave: SmsWave, now: datetime) -> WaveLine:
    """`wave` as `waves_with_counts` gives it."""
    total, sent = wave.in_all, wave.sent  # type: ignore[attr-defined]  # annotated
    recipients = wave.preview.get("recipients")
    return WaveLine(
        id=wave.pk,
        name=wave.name,
        about=text_title(wave.template_code),
        state=str(WaveState(wave.state).label),
        tone=state_tone(wave),
        when=moment_words(wave.starts_at, now),
        recipients="–" if recipients is None else number_da(recipients),
        sent=sent,
        delivered=wave.delivered,  # type: ignore[attr-defined]
        percent=100 * sent / total if total else 0,
    )


def state_tone(wave: SmsWave) -> str:
    """The colour of a wave's state."""
    return TONES.get(WaveState(wave.state), "")


def text_title(code: str) -> str:
    """What the text with that code is called."""
    return next((str(text.title) for text in WAVE_TEXTS if text.code == code), code)


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


def difference_lines(found: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """What, before and now."""
    names = {"recipients": _("Modtagere"), "segments": _("Sms-dele")}
    return [
        (names.get(each.what) or str(LeftOut(each.what).label), number_da(each.before), number_da(each.now))
        for each in found
    ]


def change_lines(changes: Iterable[SmsWaveChange]) -> list[tuple[str, str, str, str]]:
    """When, what, who, and why."""
    return [(stamp(each.at), str(WaveState(each.state).label), each.by_name, each.note) for each in changes]


def person(citizen: Citizen, now: datetime) -> Person:
    """One citizen of a number; the address is never shown here."""
    day = timezone.localdate(now)
    return Person(
        citizen.pk, citizen.name, citizen.cpr_masked, language_name(citizen.language), citizen.is_protected(day)
    )


def left_out_lines(left_out: Mapping[str, int]) -> list[tuple[str, int]]:
    """Why approved citizens got nothing after all."""
    labels = {**{reason.value: str(reason.label) for reason in LeftOut}, **LATER_REASONS}
    return [(str(labels.get(reason, reason)), number) for reason, number in left_out.items()]


def results_csv(rows: Iterable[Iterable[object]]) -> str:
    """The results as CSV for a spreadsheet, without formulas (D8)."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def decided_words(wave: SmsWave) -> str:
    """Who approved or rejected it, and when."""
    if wave.decided_at is None:
        return ""
    return f"{wave.decided_by_name}, {datetime_da(timezone.localtime(wave.decided_at))}"


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

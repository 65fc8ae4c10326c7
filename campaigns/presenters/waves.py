"""Waves in plain Danish: where each stands, who decided, what has changed since, and who got nothing after all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.formats import datetime_da, number_da
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral
from registry.models import Citizen

from ..models import SmsWave, SmsWaveChange, WaveState
from ..services.waves.texts import WAVE_TEXTS
from ..waves.differences import Difference
from ..waves.exclusions import LeftOut
from .languages import language_name
from .moments import moment_words, stamp

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

"""A batch's letters as sheets: each citizen's own text, programmes and places near by (S9, C8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.access.actor import Actor
from outreach.design.formats import date_da, time_da
from popup_sites.selectors.nearest import NearSession
from registry.models import Citizen, FollowUp, Municipality, NextStepKind

from ...letters.rules import receiver_lines
from ...letters.sheet import Pointer, Sender, Sheet, blocks, filled
from ...message_texts import first_name, municipality_title
from ...models import ContactPoint, Letter, LetterBatch, LetterSender, LetterText
from ...selectors.near_citizen import sessions_near
from ...texts.bidi import direction
from ..texts.choosing import in_use

POINTER = "pointer"
PLACES = 3


@dataclass
class SheetMaker:
    """What the letters of one batch have in common, read once."""

    by: Actor
    batch: LetterBatch
    now: datetime
    _near: dict[tuple[int | None, tuple[int, ...]], list[NearSession]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sender = sender_of(self.batch.municipality_id)
        self.pointers = _pointers(self.batch.municipality_id, self.sender.phone)
        self.today = timezone.localdate(self.now)

    def sheets(self, letters: list[Letter]) -> list[Sheet]:
        """The sheets of these letters, in their order. Two queries and one for each parish not met before."""
        follow_ups: dict[int, list[FollowUp]] = {}
        for each in (
            FollowUp.objects.open()
            .filter(citizen__in=[letter.citizen_id for letter in letters], next_step_kind=NextStepKind.LETTER)
            .select_related("programme")
            .order_by("programme")
        ):
            follow_ups.setdefault(each.citizen_id, []).append(each)
        return [self._sheet(letter, follow_ups.get(letter.citizen_id, [])) for letter in letters]

    def _sheet(self, letter: Letter, follow_ups: list[FollowUp]) -> Sheet:
        text, citizen = letter.text, letter.citizen
        with translation.override(text.language if text.language in ("da", "en") else "da"):
            fields = {
                "navn": citizen.name,
                "fornavn": first_name(citizen.name),
                "kommune": self.sender.name,
                "telefon": self.sender.phone,
                "programmer": _joined([each.programme.name for each in follow_ups], text.language),
            }
            sites = [site_line(each, text.language) for each in self._sessions(citizen, follow_ups)]
            place = _("Bunke %(batch)s · brev %(number)s") % {"batch": self.batch.pk, "number": letter.position}
            return Sheet(
                place=place,
                language=text.language,
                direction=direction(text.language),
                receiver=receiver_lines(citizen, self.today, _("Til forældremyndighedens indehavere for")),
                day=self.today,
                title=filled(text.title, fields),
                blocks=blocks(text.body, fields, sites),
                pointers=[each for each in self.pointers if each.language != text.language],
            )

    def _sessions(self, citizen: Citizen, follow_ups: list[FollowUp]) -> list[NearSession]:
        key = (citizen.parish_id, tuple(each.programme_id for each in follow_ups))
        if key not in self._near:
            self._near[key] = sessions_near(citizen, follow_ups, actor=self.by, now=self.now, limit=PLACES)
        return self._near[key]


def sender_of(municipality_id: int) -> Sender:
    """The municipality as its letters name it; empty parts where nobody has written them down."""
    municipality = Municipality.objects.get(pk=municipality_id)
    point = ContactPoint.objects.filter(municipality=municipality_id).first()
    sender = LetterSender.objects.filter(municipality=municipality_id).first() or LetterSender()
    return Sender(
        name=municipality_title(municipality.code, municipality.name),
        unit=sender.unit,
        address=sender.address,
        postal=f"{sender.postal_code} {sender.city}".strip(),
        phone=point.phone if point else "",
        cvr=sender.cvr,
        municipality_code=municipality.code,
    )


def site_line(near: NearSession, language: str) -> str:
    """`Kulturhuset, Store Torv 1 · 27.04.2021 · 15.00–20.00 · uden aftale`; the last only where it can be read."""
    opens, closes = (timezone.localtime(each) for each in (near.session.starts_at, near.session.ends_at))
    parts = [f"{near.site.name}, {near.site.address}", date_da(opens), f"{time_da(opens)}–{time_da(closes)}"]
    if near.session.drop_in and language in ("da", "en"):
        parts.append(_("uden aftale"))
    return " · ".join(parts)


def _joined(words: list[str], language: str) -> str:
    """`covid-19 og influenza`; with commas alone where "and" would be in another language than the letter."""
    if len(words) < 2 or language not in ("da", "en"):
        return ", ".join(words)
    conjunction = pgettext("between two programmes", "og")
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _pointers(municipality_id: int, phone: str) -> list[Pointer]:
    """The lines in other languages that somebody has approved."""
    usable = list(LetterText.objects.filter(code=POINTER).usable())
    languages = sorted({each.language for each in usable})
    chosen = [in_use([each for each in usable if each.language == language], language, municipality_id)
              for language in languages]  # fmt: skip
    return [
        Pointer(each.language, direction(each.language), filled(each.body, {"telefon": phone}))
        for each in chosen
        if each is not None
    ]

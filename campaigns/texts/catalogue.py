"""Which texts there are, what each is for, and which fields it may hold. Pure.

A new kind (posters) joins by a model in `models/texts.py`, a line in `MODELS` and its definitions here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import CallScript, ContentClass, LetterText, MessageTemplate

SMS, SCRIPT, LETTER = "sms", "script", "letter"
MODELS: dict[str, type[MessageTemplate | CallScript | LetterText]] = {
    SMS: MessageTemplate,
    SCRIPT: CallScript,
    LETTER: LetterText,
}
KIND_NAMES = {SMS: _("Sms"), SCRIPT: _("Manuskript til opkald"), LETTER: _("Brev")}
# In the order in which pages show them; a text in another language gets a column of its own.
LANGUAGES = ("da", "en", "ar", "so", "tr", "ur", "pl", "uk", "fa")
ORIGINAL = "da"

PERSON = ("fornavn", "navn")
SENDER = ("kommune", "telefon")
APPOINTMENT = ("tid", "sted")
SCRIPT_FIELDS = ("caller", "organisation", "citizen", "programme")
LETTER_FIELDS = ("navn", "fornavn", "kommune", "telefon", "programmer", "steder")


@dataclass(frozen=True)
class TextDefinition:
    """One text: `fields` are those it may hold, `content_class` what an SMS is allowed to say (S1)."""

    kind: str
    code: str
    title: str | Promise
    used_for: str | Promise
    fields: tuple[str, ...]
    content_class: str = ""


def _sms(code: str, title: Promise, used_for: Promise, content_class: str, *fields: str) -> TextDefinition:
    return TextDefinition(SMS, code, title, used_for, fields, content_class)


NEUTRAL, AGREED = ContentClass.NEUTRAL.value, ContentClass.APPOINTMENT.value
MESSAGES = [
    _sms("please_call", _("Første kontakt, med telefonnummer"), _("Når kommunen har et nummer, man kan ringe til"),
         NEUTRAL, *PERSON, *SENDER),
    _sms("please_reply", _("Første kontakt, uden telefonnummer"), _("Når kommunen ikke har skrevet et nummer ind"),
         NEUTRAL, *PERSON, *SENDER),
    _sms("popup_near", _("Vi kommer tæt på dig"), _("Sms-udsendelser om et sted i nærheden"),
         NEUTRAL, *PERSON, *SENDER, *APPOINTMENT),
    _sms("booking_confirmed", _("Aftalen er lavet"), _("Kvittering for en tid, vi har bestilt"),
         AGREED, *PERSON, *SENDER, *APPOINTMENT),
    _sms("booking_changed", _("Aftalen er flyttet"), _("Når en tid bliver flyttet"),
         AGREED, *PERSON, *SENDER, *APPOINTMENT),
    _sms("booking_cancelled", _("Aftalen er aflyst"), _("Når en tid bliver aflyst"),
         AGREED, *PERSON, *SENDER, *APPOINTMENT),
    _sms("booking_reminder", _("Husk din aftale"), _("Påmindelse før en tid"),
         AGREED, *PERSON, *SENDER, *APPOINTMENT),
    _sms("ride_confirmed", _("Kørslen er aftalt"), _("Kvittering for kørsel"),
         AGREED, *PERSON, *SENDER, *APPOINTMENT),
]  # fmt: skip

LETTERS = [
    TextDefinition(
        LETTER, "contact", _("Brev om hjælp"), _("Til dem, vi ikke kan nå på telefon eller sms"), LETTER_FIELDS
    ),
    # One line at the foot of everybody's letter, in each language that somebody has approved.
    TextDefinition(LETTER, "pointer", _("Brevet på dit sprog"), _("Linjen nederst i alle breve"), ("telefon",)),
]


def script_definition(code: str, name: str) -> TextDefinition:
    """The script of a programme."""
    return TextDefinition(SCRIPT, code, name, _("Det, sagsbehandleren kan sige i telefonen"), SCRIPT_FIELDS)


def definition(kind: str, code: str) -> TextDefinition | None:
    """The message or letter with that code; scripts have one for each programme (`script_definition`)."""
    return next((each for each in [*MESSAGES, *LETTERS] if (each.kind, each.code) == (kind, code)), None)

"""What Twilio's error codes mean for us: in plain Danish, and what is to be done about it (S6).

After Twilio's published error dictionary, as far as it concerns SMS in Denmark: the answers to a create request
(20xxx, 21xxx) and the codes of delivery (30xxx). A code that is not here is shown with its number and decides nothing
about the telephone: Twilio keeps changing them and warns against guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.messaging.gateways.base import NumberFate

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ErrorKind(StrEnum):
    """What kind of trouble it is, and so who can do something about it."""

    PERMANENT = "permanent"  # this message to this number: never, however often it is tried
    RETRYABLE = "retryable"  # the number is fine; another message later may well arrive
    IN_DOUBT = "in_doubt"  # nobody knows whether it arrived: a person decides
    ACCOUNT = "account"  # our own account: stops the whole line, says nothing about any number
    SENDER = "sender"  # the name or number a municipality sends from: stops its messages, says nothing about any number
    CONTENT = "content"  # the text or the sender is not let through: whoever writes the texts must act


@dataclass(frozen=True)
class ErrorMeaning:
    """`danish` is what the caseworker reads, without the code; `known` False when the code is in no dictionary here."""

    kind: ErrorKind
    danish: str
    fate: NumberFate = NumberFate.NOTHING
    known: bool = True


_P, _R, _D = ErrorKind.PERMANENT, ErrorKind.RETRYABLE, ErrorKind.IN_DOUBT
_A, _S, _C = ErrorKind.ACCOUNT, ErrorKind.SENDER, ErrorKind.CONTENT
_WRONG, _LANDLINE, _STOP = NumberFate.WRONG, NumberFate.LANDLINE, NumberFate.OPTED_OUT
_SENDER_DANISH = gettext_lazy("Afsendernavnet er ikke godkendt hos operatøren")
_NOT_OURS_DANISH = gettext_lazy("Afsendernummeret hører ikke til kontoen")
_LENGTH_DANISH = gettext_lazy("Teksten er for lang")
_EXPIRED_DANISH = gettext_lazy("Nåede ikke ud, før den udløb")
_CARRIER_DANISH = gettext_lazy("Travlhed hos teleselskabet")

_MEANINGS: Final[dict[int, tuple[ErrorKind, str | _StrPromise, NumberFate]]] = {
    # --- Answers to the request: the account.
    10001: (_A, gettext_lazy("Kontoen hos sms-operatøren er lukket"), NumberFate.NOTHING),
    20003: (_A, gettext_lazy("Sms-operatøren afviser vores adgangskode"), NumberFate.NOTHING),
    20005: (_A, gettext_lazy("Kontoen hos sms-operatøren er lukket"), NumberFate.NOTHING),
    20008: (_A, gettext_lazy("Adgangskoden er en prøvekode, som ikke kan sende sms'er"), NumberFate.NOTHING),
    21608: (_A, gettext_lazy("Kontoen er en prøvekonto, som kun kan sende til bekræftede numre"), NumberFate.NOTHING),
    21701: (_A, gettext_lazy("Afsendergruppen findes ikke hos operatøren"), NumberFate.NOTHING),
    21703: (_A, gettext_lazy("Afsendergruppen har intet nummer, der kan sende"), NumberFate.NOTHING),
    21704: (_A, gettext_lazy("Afsendergruppen har intet nummer, der kan sende"), NumberFate.NOTHING),
    21705: (_A, gettext_lazy("Afsendergruppen findes ikke hos operatøren"), NumberFate.NOTHING),
    # --- Answers to the request: the sender.
    21212: (_S, _SENDER_DANISH, NumberFate.NOTHING),
    21606: (_S, gettext_lazy("Afsendernummeret kan ikke sende sms'er"), NumberFate.NOTHING),
    21659: (_S, _NOT_OURS_DANISH, NumberFate.NOTHING),
    21660: (_S, _NOT_OURS_DANISH, NumberFate.NOTHING),
    # --- Answers to the request: slow down.
    20429: (_R, gettext_lazy("For mange beskeder på én gang"), NumberFate.NOTHING),
    14107: (_R, gettext_lazy("For mange beskeder til det samme nummer"), NumberFate.NOTHING),
    21611: (_R, gettext_lazy("Operatørens kø er fuld"), NumberFate.NOTHING),
    # --- Answers to the request: the number.
    21211: (_P, gettext_lazy("Nummeret findes ikke"), _WRONG),
    21408: (_P, gettext_lazy("Der kan ikke sendes sms til nummerets land"), NumberFate.NOTHING),
    21610: (_P, gettext_lazy("Modtageren har frameldt sms med STOP"), _STOP),
    21612: (_P, gettext_lazy("Nummeret kan ikke få sms fra vores afsender"), NumberFate.NOTHING),
    21614: (_P, gettext_lazy("Nummeret er ikke et mobilnummer"), _LANDLINE),
    # --- Answers to the request: the text or how it is sent.
    21602: (_C, gettext_lazy("Beskeden er tom"), NumberFate.NOTHING),
    21617: (_C, _LENGTH_DANISH, NumberFate.NOTHING),
    21657: (_C, _SENDER_DANISH, NumberFate.NOTHING),
    # --- After the hand-over: what delivery reports say.
    30001: (_R, gettext_lazy("Operatørens kø er fuld"), NumberFate.NOTHING),
    30002: (_A, gettext_lazy("Kontoen hos sms-operatøren er spærret"), NumberFate.NOTHING),
    30003: (_R, gettext_lazy("Telefonen er slukket eller uden dækning"), NumberFate.NOTHING),
    30004: (_P, gettext_lazy("Modtageren eller teleselskabet har spærret for beskeden"), NumberFate.NOTHING),
    30005: (_P, gettext_lazy("Nummeret er ikke i brug"), _WRONG),
    30006: (_P, gettext_lazy("Nummeret er en fastnettelefon eller kan ikke få sms"), _LANDLINE),
    30007: (_C, gettext_lazy("Teksten blev standset som uønsket reklame"), NumberFate.NOTHING),
    30008: (_D, gettext_lazy("Teleselskabet kunne ikke sige, om den nåede frem"), NumberFate.NOTHING),
    30010: (_C, gettext_lazy("Beskeden var dyrere end tilladt"), NumberFate.NOTHING),
    30012: (_C, gettext_lazy("Udløbstiden var for kort"), NumberFate.NOTHING),
    30013: (_C, gettext_lazy("Udløbstiden var for lang"), NumberFate.NOTHING),
    30014: (_P, gettext_lazy("Nummeret kan ikke læses"), _WRONG),
    30017: (_R, _CARRIER_DANISH, NumberFate.NOTHING),
    30018: (_C, _SENDER_DANISH, NumberFate.NOTHING),
    30019: (_C, _LENGTH_DANISH, NumberFate.NOTHING),
    30020: (_R, gettext_lazy("Fejl hos sms-operatøren"), NumberFate.NOTHING),
    30021: (_R, gettext_lazy("Fejl hos sms-operatøren"), NumberFate.NOTHING),
    30022: (_R, _CARRIER_DANISH, NumberFate.NOTHING),
    30023: (_R, gettext_lazy("Dagens antal beskeder er brugt"), NumberFate.NOTHING),
    30024: (_C, _SENDER_DANISH, NumberFate.NOTHING),
    30027: (_R, gettext_lazy("Dagens antal beskeder er brugt"), NumberFate.NOTHING),
    30036: (_R, _EXPIRED_DANISH, NumberFate.NOTHING),
    30037: (_A, gettext_lazy("Kontoen hos sms-operatøren må ikke sende"), NumberFate.NOTHING),
    30042: (_C, _SENDER_DANISH, NumberFate.NOTHING),
    30043: (_C, gettext_lazy("Teleselskabet afviste beskeden som udenlandsk"), NumberFate.NOTHING),
    30044: (_A, gettext_lazy("Kontoen er en prøvekonto, som kun kan sende korte beskeder"), NumberFate.NOTHING),
}


def explain(code: int | str | None) -> ErrorMeaning:
    """What `code` (a number, or as text from a callback) means; never raises.

    An unknown number is a failure of this message that decides nothing about the telephone, shown with its number. No
    code at all, or text that is no number (SW08), is doubt.
    """
    text = str(code if code is not None else "").strip()
    if not (text.isascii() and text.isdigit()) or not int(text):
        return ErrorMeaning(ErrorKind.IN_DOUBT, _("Sms-operatøren gav ingen grund"), known=False)
    found = _MEANINGS.get(int(text))
    if found is None:
        return ErrorMeaning(
            ErrorKind.RETRYABLE, _("Kunne ikke leveres (operatørens kode %(code)s)") % {"code": text[:9]}, known=False
        )
    kind, danish, fate = found
    return ErrorMeaning(kind, str(danish), fate)

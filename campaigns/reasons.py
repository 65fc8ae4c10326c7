"""A next step's reason in words: code and parameters in, one sentence out (K1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.formats import time_da, weekday_da

from .step_reasons import StepReason as R

# `%(when)s` is "man. 19.04. kl. 17". Every code of StepReason has a line; a test holds that.
SENTENCES = {
    R.FIRST_CONTACT: gettext_lazy("Første kontakt %(when)s, fordi borgeren står på listen og ikke er kontaktet endnu."),
    R.SMS_UNANSWERED: gettext_lazy("Ring %(when)s, fordi borgeren ikke har reageret på sms'en."),
    R.NO_MOBILE: gettext_lazy("Ring %(when)s, fordi borgeren ikke har et mobilnummer, vi kan sende sms til."),
    R.SMS_OPTED_OUT: gettext_lazy("Ring %(when)s, fordi borgeren har frameldt sms'er."),
    R.CUSTODY_HOLDER: gettext_lazy("Ring %(when)s til forældremyndighedens indehaver, fordi borgeren er under 18 år."),
    R.NO_PHONE: gettext_lazy("Find et telefonnummer fra %(when)s, fordi vi ikke har et, der virker."),
    R.NO_CUSTODY_HOLDER_PHONE: gettext_lazy(
        "Find et nummer til forældremyndighedens indehaver fra %(when)s, fordi borgeren er under 18 år."
    ),
    R.NO_NUMBER_FOUND: gettext_lazy("Send brev %(when)s, fordi der ikke kunne findes et telefonnummer."),
    R.CALLS_UNANSWERED: gettext_lazy("Send brev %(when)s, fordi vi har ringet forgæves."),
    R.ATTEMPTS_DONE: gettext_lazy("Afvent svar til %(when)s, fordi alle forsøg er gjort og dokumenteret."),
    R.JOINS_CALL: gettext_lazy("Ring %(when)s, fordi vi alligevel ringer til borgeren om et andet program."),
    R.BOOKS_SELF: gettext_lazy("Afvent til %(when)s, fordi borgeren selv vil bestille tid."),
    R.ALREADY_BOOKED: gettext_lazy("Afvent til %(when)s, fordi borgeren har en tid."),
    R.ALREADY_VACCINATED: gettext_lazy(
        "Afvent de næste lister til %(when)s, fordi borgeren siger, at de er vaccineret."
    ),
    R.BOOKED_ON_BEHALF: gettext_lazy("Afvent til %(when)s, fordi der er bestilt en tid til borgeren."),
    R.WANTS_POPUP: gettext_lazy("Afvent til %(when)s, fordi borgeren vil på et pop-up-sted."),
    R.UNDECIDED: gettext_lazy("Ring igen %(when)s, fordi borgeren er i tvivl."),
    R.BUSY: gettext_lazy("Ring igen %(when)s, fordi der var optaget."),
    R.OTHER_NUMBER: gettext_lazy("Ring på et andet nummer %(when)s, fordi det første var forkert."),
    R.WRONG_NUMBER: gettext_lazy("Find et nyt telefonnummer fra %(when)s, fordi det, vi havde, var forkert."),
    R.AGREED_TIME: gettext_lazy("Ring igen %(when)s, fordi det er aftalt."),
    R.RELATIVE_REACHED: gettext_lazy("Ring til borgeren selv %(when)s, fordi vi har talt med en pårørende."),
    R.GUARDIAN_INFORMED: gettext_lazy("Ring til borgeren %(when)s, fordi værgen nu er orienteret."),
    R.LANGUAGE: gettext_lazy("Ring med tolk eller pårørende %(when)s, fordi vi ikke har sprog til fælles."),
    R.HEALTH_DIALOGUE: gettext_lazy("Fagsamtale %(when)s, fordi borgeren har spørgsmål om helbred."),
    R.DIALOGUE_AGREED: gettext_lazy("Ny fagsamtale %(when)s, fordi borgeren vil tænke over det."),
    R.DIALOGUE_NOT_REACHED: gettext_lazy("Fagsamtale %(when)s, fordi borgeren ikke tog telefonen sidst."),
    R.DIALOGUE_UNREACHED: gettext_lazy("Ring %(when)s, fordi den sundhedsfaglige ikke har kunnet få fat i borgeren."),
    R.DIALOGUE_HELD: gettext_lazy("Ring %(when)s, fordi borgeren har talt med en sundhedsfaglig."),
    R.DIALOGUE_WANTS_TIME: gettext_lazy(
        "Ring %(when)s og bestil en tid, fordi borgeren bad den sundhedsfaglige om hjælp til det."
    ),
    R.OWN_DOCTOR: gettext_lazy("Ring %(when)s, fordi borgeren først ville tale med sin egen læge."),
    R.BOOKING_HELP: gettext_lazy("Bestil en tid %(when)s, fordi borgeren vil have hjælp til det."),
    R.ESCORT: gettext_lazy("Bestil en tid med ledsager %(when)s, fordi borgeren ikke kan komme alene."),
    R.RIDE: gettext_lazy("Aftal kørsel %(when)s, fordi borgeren har brug for det."),
    R.HOME_ASSESSMENT: gettext_lazy("Visitér til hjemmevaccination %(when)s, fordi borgeren ikke kan komme ud."),
    R.BOOKING_HELD: gettext_lazy(
        "Frigiv borgerens oplysninger til regionen %(when)s, fordi borgeren er navne- og adressebeskyttet."
    ),
    R.BOOKING_SENT: gettext_lazy("Regionen er bedt om en tid og skal svare senest %(when)s."),
    R.BOOKING_PROPOSED: gettext_lazy("Ring %(when)s, fordi regionen foreslår en anden tid, end borgeren ønskede."),
    R.BOOKING_REFUSED: gettext_lazy("Ring %(when)s, fordi regionen ikke kunne give borgeren en tid."),
    R.BOOKING_TELL: gettext_lazy("Ring %(when)s og fortæl om den bestilte tid, fordi borgeren ikke kan få den på sms."),
    R.BOOKING_REMIND: gettext_lazy("Ring %(when)s og mind om tiden, fordi borgeren ikke kan få det på sms."),
    R.BOOKING_CANCELLED: gettext_lazy(
        "Ring %(when)s og aftal, hvad der skal ske, fordi tiden eller ønsket er faldet bort."
    ),
    R.BOOKING_NO_SHOW: gettext_lazy("Ring %(when)s, fordi borgeren ikke kom til sin tid."),
    R.BOOKING_DONE: gettext_lazy("Afvent de næste lister til %(when)s, fordi borgeren kom til sin tid."),
    R.RIDE_CANCELLED: gettext_lazy("Ring %(when)s, fordi den kørsel, borgeren har fået besked om, er aflyst."),
    R.POPUP_CHANGED: gettext_lazy("Ring %(when)s, fordi det pop-up-sted, borgeren ville til, er flyttet eller aflyst."),
    R.SECOND_DOSE: gettext_lazy("Regionen er bedt om en tid til anden dosis og skal svare senest %(when)s."),
    R.ASKED_FOR_CALL: gettext_lazy("Ring %(when)s, fordi borgeren har bedt om det i en sms."),
    R.REPLY_WAITING: gettext_lazy(
        "Afvent til %(when)s, fordi borgeren har svaret på sms'en. Svaret ligger i indbakken."
    ),
    R.LETTER_RETURNED: gettext_lazy("Find nummer eller adresse %(when)s, fordi brevet kom retur."),
    R.SMS_NOT_DELIVERED: gettext_lazy("Ring %(when)s, fordi sms'en ikke nåede frem."),
}
AFTER = {
    R.BOOKS_SELF: gettext_lazy("selv ville bestille tid"),
    R.ALREADY_BOOKED: gettext_lazy("havde en tid"),
    R.ALREADY_VACCINATED: gettext_lazy("sagde, at de var vaccineret"),
    R.BOOKED_ON_BEHALF: gettext_lazy("fik bestilt en tid"),
    R.WANTS_POPUP: gettext_lazy("ville på et pop-up-sted"),
    R.BOOKING_DONE: gettext_lazy("kom til sin tid"),
    R.REPLY_WAITING: gettext_lazy("har skrevet til os"),
}
PARTS = {
    "morning": gettext_lazy("om formiddagen"),
    "afternoon": gettext_lazy("om eftermiddagen"),
    "evening": gettext_lazy("om aftenen"),
}
# Written by whoever opens a follow-up, until the planner has looked at it.
UNPLANNED = {"to_be_planned", "reopened"}
NOT_ON_A_LIST = gettext_lazy("Borgeren står ikke på nogen liste.")
NUMBERS = [gettext_lazy("nul"), gettext_lazy("én"), gettext_lazy("to"), gettext_lazy("tre"), gettext_lazy("fire")]


def sentence(code: str, detail: Mapping[str, Any], at: datetime | None, *, now: datetime | None = None) -> str:
    """Why the next step is what it is, e.g. "Ring igen man. 19.04. kl. 17, fordi ingen svarede to gange, senest om
    formiddagen." With `now`, a moment that is past reads "nu", unless it was agreed with the citizen. A code that
    nobody knows becomes a plain "Planlagt …", so that no page breaks on it.
    """
    is_past = now is not None and at is not None and at <= now and code != R.AGREED_TIME
    when = _("nu") if is_past else moment_text(at)
    if code == R.NOT_REACHED:
        return _not_reached(detail, when)
    if code == R.CHECK_CALL:
        told = AFTER.get(detail.get("after", ""), _("havde svaret"))
        return _("Ring %(when)s, fordi borgeren %(told)s, men stadig står på listen.") % {"when": when, "told": told}
    if code == R.WANTS_POPUP and detail.get("popup"):
        words = _("Afvent til %(when)s, fordi borgeren vil på pop-up-stedet %(popup)s.")
        return words % {"when": when, "popup": detail["popup"]}
    if code in UNPLANNED:
        return _("Det næste skridt bliver regnet ud inden for få minutter.")
    if code in SENTENCES:
        return str(SENTENCES[R(code)]) % {"when": when}
    return _("Planlagt %(when)s.") % {"when": when}


def moment_text(at: datetime | None) -> str:
    """`man. 19.04. kl. 17` in Copenhagen's time; minutes only when there are any."""
    if at is None:
        return _("snarest")
    local = timezone.localtime(at)
    clock = time_da(local) if local.minute else str(local.hour)
    return _("%(day)s kl. %(clock)s") % {"day": weekday_da(local.date()), "clock": clock}


def _not_reached(detail: Mapping[str, Any], when: str) -> str:
    attempts = int(detail.get("attempts", 1))
    part = PARTS.get(detail.get("part", ""), _("sidst"))
    if attempts == 1:
        return _("Ring igen %(when)s, fordi vi ikke fik fat i borgeren %(part)s.") % {"when": when, "part": part}
    times = NUMBERS[attempts] if attempts < len(NUMBERS) else attempts
    return _("Ring igen %(when)s, fordi vi ikke fik fat i borgeren %(times)s gange, senest %(part)s.") % {
        "when": when,
        "times": times,
        "part": part,
    }

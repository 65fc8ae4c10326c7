"""Why nobody contacts a citizen now, and when somebody does, in words a caseworker understands (K1, K9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.formats import date_da
from registry.models import Citizen, CitizenStatus, ClosedReason, FollowUp, FollowUpStatus, NextStepKind

from .contact_signs import NO_SIGNS, ContactSigns
from .models import MessageStatus
from .reasons import moment_text, sentence
from .step_reasons import StepReason as R

# A task that others have: nobody rings about it meanwhile (K6, K14).
HANDED_ON = {
    NextStepKind.BOOKING_REQUEST: gettext_lazy(
        "Der er ved at blive bestilt en tid til borgeren, så ingen ringer imens."
    ),
    NextStepKind.RIDE: gettext_lazy("Kørslen er ved at blive aftalt, så ingen ringer imens."),
    NextStepKind.HOME_VISIT: gettext_lazy("Hjemmebesøget er ved at blive planlagt, så ingen ringer imens."),
    NextStepKind.VISIT: gettext_lazy("Besøget er ved at blive planlagt, så ingen ringer imens."),
    NextStepKind.HEALTH_DIALOGUE: gettext_lazy(
        "En sundhedsfaglig skal tale med borgeren, så ingen andre ringer imens."
    ),
}
# Why a message that was laid ready waits; the codes are the dispatcher's.
HELD = {
    "quiet_hours": gettext_lazy("Sms'en venter til %(when)s, fordi der ikke sendes sms'er lige nu."),
    "called_today": gettext_lazy("Sms'en venter til %(when)s, fordi borgeren er ringet op i dag."),
    "being_called": gettext_lazy("Sms'en venter til %(when)s, fordi en kollega er ved at ringe til borgeren."),
    "reply_waiting": gettext_lazy("Sms'en venter til %(when)s, fordi borgeren har skrevet til os."),
    "recent_message": gettext_lazy("Sms'en venter til %(when)s, fordi borgeren har fået en sms inden for et døgn."),
    "line_closed": gettext_lazy(
        "Sms'en venter, fordi forbindelsen til sms-operatøren er lukket. Teamlederen kan se hvorfor."
    ),
    "sender_refused": gettext_lazy(
        "Sms'en venter, fordi sms-operatøren ikke godtager kommunens afsender. Teamlederen kan se hvorfor."
    ),
    "gateway_unavailable": gettext_lazy("Sms'en venter, fordi sms-operatøren ikke svarer. Den sendes, når den gør."),
}
RECENT = timedelta(hours=24)


def not_contacted_because(
    follow_up: FollowUp, citizen: Citizen, now: datetime, signs: ContactSigns = NO_SIGNS
) -> str | None:
    """Why nobody contacts the citizen at this moment, or None when a contact is due (K1)."""
    if follow_up.status == FollowUpStatus.CLOSED:
        return _closed(follow_up, citizen)
    if citizen.do_not_contact_since is not None:
        return _("Borgeren har bedt om ikke at blive kontaktet.")
    if citizen.status != CitizenStatus.ACTIVE:
        return _("Sagen bliver afsluttet: %(status)s.") % {"status": CitizenStatus(citizen.status).label}
    if signs.talking:
        return _("En kollega taler med borgeren lige nu.")
    if follow_up.next_step_kind == NextStepKind.WAIT:
        return sentence(follow_up.next_step_reason, follow_up.next_step_detail, follow_up.next_step_at)
    if follow_up.next_step_kind == NextStepKind.LOOKUP:
        if follow_up.next_step_reason == R.NO_CUSTODY_HOLDER_PHONE:
            return _("Vi mangler et telefonnummer til forældremyndighedens indehaver.")
        return _("Vi mangler et telefonnummer, der virker.")
    if follow_up.next_step_kind in HANDED_ON:
        return str(HANDED_ON[NextStepKind(follow_up.next_step_kind)])
    if follow_up.next_step_kind == NextStepKind.SMS and signs.message_status:
        return _message(signs, now)
    return _not_yet(follow_up, now, signs)


def notes_on_contact(follow_up: FollowUp, signs: ContactSigns) -> list[str]:
    """What else a caseworker must know of how an open follow-up goes on: a sentence each."""
    if follow_up.status != FollowUpStatus.OPEN:
        return []
    notes = []
    if signs.cancelled_at is not None:
        words = {"when": moment_text(signs.cancelled_at)}
        # K9: a human contact cancels the machine's next message.
        if signs.cancelled_for == "replied":
            notes.append(_("Den planlagte sms er annulleret, fordi borgeren selv skrev %(when)s.") % words)
        else:
            notes.append(_("Den planlagte sms er annulleret, fordi vi talte med borgeren %(when)s.") % words)
    if signs.child:
        notes.append(
            _("Borgeren er under 18 år: der sendes ikke sms, og der ringes til forældremyndighedens indehaver.")
        )
    elif signs.opted_out:
        notes.append(_("Borgeren har frameldt sms'er, så vi ringer eller skriver i stedet."))
    if signs.protected:
        notes.append(
            _("Navn og adresse er beskyttet: der ringes som ellers, men et brev skal frigives af en medarbejder.")
        )
    return notes


def _message(signs: ContactSigns, now: datetime) -> str:
    """S4, S5, K9: where the machine's message stands."""
    if signs.message_status == MessageStatus.IN_DOUBT:
        return _("Vi ved ikke, om sms'en nåede frem. Den sendes ikke igen, før det er afklaret.")
    if signs.message_status != MessageStatus.QUEUED:
        return _("Sms'en er ved at blive sendt.")
    held = HELD.get(signs.message_reason)
    if held is not None:
        return str(held) % {"when": moment_text(signs.message_at)}
    if signs.message_at is not None and signs.message_at > now:
        return _("Sms'en er lagt klar og sendes %(when)s.") % {"when": moment_text(signs.message_at)}
    return _("Sms'en er lagt klar og sendes om et øjeblik.")


def _not_yet(follow_up: FollowUp, now: datetime, signs: ContactSigns) -> str | None:
    at = follow_up.next_step_at
    if follow_up.next_step_kind == NextStepKind.LETTER and signs.protected and at is not None and at <= now:
        return _("Brevet kan først sendes, når en medarbejder har frigivet den beskyttede adresse.")
    if at is None or at <= now:
        return None
    words = {"when": moment_text(at)}
    if follow_up.next_step_reason == R.AGREED_TIME:
        return _("Næste kontakt er først %(when)s, fordi det er aftalt med borgeren.") % words
    if follow_up.next_step_reason == R.NOT_REACHED:
        return _("Næste opkald er først %(when)s, så vi prøver på en anden tid af dagen.") % words
    last = follow_up.last_contact_at
    if follow_up.next_step_kind == NextStepKind.SMS:
        if last is not None and last <= now < last + RECENT:
            return _("Sms'en venter til %(when)s: der skal gå mindst et døgn efter den sidste kontakt.") % words
        return _("Sms'en er planlagt til %(when)s, når der igen må sendes sms'er.") % words
    if last is not None and last <= now:
        return (
            _("Næste kontakt er først planlagt til %(when)s, så borgeren har tid til at reagere på den sidste.") % words
        )
    return _("Næste kontakt er først planlagt til %(when)s.") % words


def _closed(follow_up: FollowUp, citizen: Citizen) -> str:
    reason = follow_up.closed_reason
    if reason == ClosedReason.DECLINED:
        return _declined(follow_up.reopen_on)
    if reason == ClosedReason.STATUS and citizen.status != CitizenStatus.ACTIVE:
        return _("Sagen er afsluttet: %(status)s.") % {"status": CitizenStatus(citizen.status).label}
    texts = {
        # L7: absent is not vaccinated.
        ClosedReason.GONE: _(
            "Borgeren står ikke længere på listen. Det kan betyde, at borgeren er vaccineret, har fået en tid, er "
            "flyttet eller ikke længere er med i de målgrupper, listen omfatter."
        ),
        ClosedReason.ANSWERED: _("Borgeren har svaret, og der er ikke mere at følge op på."),
        ClosedReason.ATTEMPTS_DOCUMENTED: _("Alle forsøg i planen er gjort og dokumenteret, og ingen har svaret."),
        ClosedReason.STATUS: _("Sagen er afsluttet: borgeren er død, udrejst eller forsvundet."),
        ClosedReason.MOVED: _(
            "Borgeren er flyttet fra kommunen, så kommunen følger ikke op. Tider og ønsker hos regionen gælder stadig, "
            "og borgeren får besked om dem."
        ),
        ClosedReason.DO_NOT_CONTACT: _("Borgeren vil ikke kontaktes igen."),
        ClosedReason.UNDONE: _("Listen blev fortrudt."),
        ClosedReason.SELECTION_ENDED: _("Kommunens eget udvalg er afsluttet."),
        ClosedReason.ORDER_ENDED: _(
            "Bestillingen bag listen er udløbet eller lukket, så borgeren må ikke kontaktes på grund af den mere."
        ),
        ClosedReason.NOT_LISTED: _("Borgeren står ikke på nogen liste endnu; det, vi ved, er gemt til den kommer."),
    }
    return texts.get(ClosedReason(reason), _("Sagen er afsluttet."))


def _declined(reopen_on: date | None) -> str:
    if reopen_on is None:
        return _("Borgeren har sagt nej.")
    return _("Borgeren har sagt nej og kan spørges igen fra %(day)s.") % {"day": date_da(reopen_on)}

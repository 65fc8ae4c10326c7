"""Why somebody whom a wave's filter names gets no SMS: one reason each, the first that holds. Pure (S3, K9).

`sql/wave_audience.sql` does the same for a million; a test holds both equal on random citizens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from registry.models import ClosedReason

from ..next_steps import ENDED
from .audience import Standing


class LeftOut(TextChoices):
    """In the order of asking: what is final first, then what they said, then the number, then the day."""

    STATUS = "status", _("Døde, udrejste eller forsvundne")
    MOVED = "moved", _("Flyttet fra kommunen")
    DO_NOT_CONTACT = "do_not_contact", _("Vil ikke kontaktes")
    CHILD = "child", _("Under 18 år")
    DECLINED = "declined", _("Har sagt nej")
    ANSWERED = "answered", _("Har svaret")
    PROTECTED = "protected", _("Beskyttet navn og adresse")
    NO_MOBILE = "no_mobile", _("Intet mobilnummer")
    WRONG_NUMBER = "wrong_number", _("Nummeret er forkert")
    OPTED_OUT = "opted_out", _("Har frameldt sms")
    NAMELESS = "nameless", _("Navnet mangler")
    NO_TEXT = "no_text", _("Ingen godkendt tekst på sproget")
    RECENT_MESSAGE = "recent_message", _("Sms inden for 24 timer")
    CALLED_TODAY = "called_today", _("Talt med eller ringet til samme dag")
    BEING_CALLED = "being_called", _("Skal ringes op samme dag")
    REPLY_WAITING = "reply_waiting", _("Har skrevet til os, og ingen har svaret endnu")
    MESSAGE_WAITING = "message_waiting", _("En anden sms venter allerede")
    OTHER_WAVE = "other_wave", _("Er med i en anden udsendelse, der venter")
    SHARED_NUMBER = "shared_number", _("Deler nummer med en anden modtager")


@dataclass(frozen=True)
class Facts:
    """What the rule needs of one citizen named by the filter.

    The mobiles are counted by what they are good for: `usable` are neither wrong nor opted out. `call`: `""`,
    `"queued"` (due on the day), `"agreed"` (a time they were promised that day, or a talk with the health adviser) or
    `"now"` (in a caller's or adviser's hands).
    """

    citizen_status: str
    closed_reason: str
    standing: Standing | None
    no_contact_wanted: bool
    child: bool
    protected: bool
    mobiles: int
    right_mobiles: int
    usable: int
    named: bool
    has_text: bool
    recent_message: bool
    called_today: bool
    call: str
    reply_waiting: bool
    message_waiting: bool
    other_wave: bool


def left_out(facts: Facts, *, answered_are_asked: bool, queued_calls: bool) -> LeftOut | None:
    """The first reason that holds, or None for a recipient. `SHARED_NUMBER` is found afterwards, among recipients.

    `answered_are_asked`: the filter names those who have answered and still stand on the list.
    """
    closed = facts.closed_reason
    reasons: Mapping[LeftOut, bool] = {
        LeftOut.STATUS: facts.citizen_status in ENDED or closed == ClosedReason.STATUS,
        LeftOut.MOVED: facts.citizen_status == "outside" or closed == ClosedReason.MOVED,
        LeftOut.DO_NOT_CONTACT: facts.no_contact_wanted or closed == ClosedReason.DO_NOT_CONTACT,
        LeftOut.CHILD: facts.child,
        LeftOut.DECLINED: closed == ClosedReason.DECLINED,
        LeftOut.ANSWERED: facts.standing is None or (facts.standing == Standing.WAITING and not answered_are_asked),
        LeftOut.PROTECTED: facts.protected,
        LeftOut.NO_MOBILE: facts.mobiles == 0,
        LeftOut.WRONG_NUMBER: facts.right_mobiles == 0,
        LeftOut.OPTED_OUT: facts.usable == 0,
        LeftOut.NAMELESS: not facts.named,
        LeftOut.NO_TEXT: not facts.has_text,
        LeftOut.RECENT_MESSAGE: facts.recent_message,
        LeftOut.CALLED_TODAY: facts.called_today,
        LeftOut.BEING_CALLED: facts.call in ("agreed", "now") or (facts.call == "queued" and not queued_calls),
        LeftOut.REPLY_WAITING: facts.reply_waiting,
        LeftOut.MESSAGE_WAITING: facts.message_waiting,
        LeftOut.OTHER_WAVE: facts.other_wave,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)

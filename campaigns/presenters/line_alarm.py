"""What the SMS page says when no messages go out, and what somebody can do about it (F16, F17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.messaging.models import GatewayState, LineState

from ..models import SmsMessage
from .moments import moment_words


@dataclass(frozen=True)
class LineAlarm:
    """One alert: heading, what is wrong and what to do, and how serious it is."""

    tone: str
    heading: str
    text: str
    what_to_do: str


def line_alarms(
    states: Sequence[GatewayState], refused: SmsMessage | None, *, now: datetime, real_now: datetime
) -> list[LineAlarm]:
    """What keeps the municipality's messages from going out: closed lines by the real clock, then its own sender."""
    alarms = [line_alarm(each, now=real_now) for each in states]
    return alarms if refused is None else [*alarms, sender_alarm(refused, now=now)]


def line_alarm(state: GatewayState, *, now: datetime) -> LineAlarm:
    """The alarm of a line that does not send."""
    words = {"since": moment_words(state.since, now)}
    if state.state == LineState.STOPPED:
        reason = state.danish or _("Sms-operatøren afviser vores konto")
        code = f" ({state.reason})" if state.reason else ""
        return LineAlarm(
            "error",
            _("Der sendes ingen sms'er"),
            _("%(reason)s. Sådan har det været siden %(since)s. Beskederne venter i køen, og ingen er gået tabt.")
            % {**words, "reason": f"{reason}{code}"},
            _("Bed den, der driver systemet, om at se på kontoen hos sms-operatøren, og prøv så igen herfra."),
        )
    return LineAlarm(
        "warning",
        _("Sms'er holder pause"),
        _("Sms-operatøren har ikke svaret siden %(since)s. Beskederne venter i køen og sendes, når der er forbindelse.")
        % words,
        _("Du behøver ikke at gøre noget: Vi prøver selv igen med en enkelt besked ad gangen."),
    )


def sender_alarm(refused: SmsMessage, *, now: datetime) -> LineAlarm:
    """The alarm of a municipality whose sender is refused; other municipalities send as before."""
    words = {
        "reason": refused.error_text,
        "code": refused.error_code,
        "when": moment_words(refused.not_before, now),
    }
    return LineAlarm(
        "error",
        _("Der sendes ingen sms'er"),
        _("%(reason)s (%(code)s). Kommunens beskeder venter i køen, og ingen er gået tabt. Vi prøver igen %(when)s.")
        % words,
        _("Bed den, der driver systemet, om at rette kommunens afsender hos sms-operatøren, og prøv så igen herfra."),
    )

"""The demo's SMS waves: one that has gone out, and one that waits for the team lead to approve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from campaigns.models import SmsWave
from campaigns.services.messages import dispatch_due
from campaigns.services.waves import WaveContent, approve_wave, create_wave, send_for_approval
from campaigns.services.waves.jobs import advance_waves, queue_wave
from campaigns.waves.audience import Standing, WaveFilter
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from outreach.command import parse_moment
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Municipality, Programme

MUNICIPALITY = 183
MAKER, APPROVER = "teamleder-b", "teamleder"
SENT_AT, WAITING_SINCE = "2021-04-19T12:30", "2021-04-20T10:05"


@dataclass(frozen=True)
class _Plan:
    name: str
    site: str
    chosen: WaveFilter


# To those who said that they would book themselves, and still stand on the list: it moves no call.
_SENT = _Plan("Havrevænget: husk i morgen", "Havrevænget", WaveFilter(statuses=(Standing.WAITING,), queued_calls=True))
_WAITING = _Plan(
    "Byghaven lørdag", "Byghaven",
    WaveFilter(statuses=(Standing.NO_CONTACT, Standing.NO_ANSWER, Standing.UNDECIDED), queued_calls=True),
)  # fmt: skip


def send_finished_wave() -> None:
    """Make, approve and send the first one, and see it finished."""
    moment = parse_moment(SENT_AT)
    wave = _for_approval(_SENT, SENT_AT)
    if wave is None:
        return
    with data_context(actor_by_username(APPROVER, municipality_code=MUNICIPALITY)) as by:
        approve_wave(by=by, wave=wave, version=wave.version, now=moment)
    queue_wave(wave.pk, now=moment)
    for minutes in (5, 60):
        dispatch_due(now=moment + timedelta(minutes=minutes))
        advance_waves(now=moment + timedelta(minutes=minutes))


def leave_waiting_wave() -> None:
    """Make the one that the team lead finds on the page."""
    _for_approval(_WAITING, WAITING_SINCE)


def _for_approval(plan: _Plan, at: str) -> SmsWave | None:
    moment = parse_moment(at)
    session = VaccinationSession.objects.select_related("site").filter(
        site__municipality=MUNICIPALITY, site__name__startswith=plan.site, ends_at__gt=moment
    ).order_by("starts_at").first()  # fmt: skip
    with data_context(actor_by_username(MAKER, municipality_code=MUNICIPALITY)) as by:
        content = WaveContent(
            name=plan.name,
            programme=Programme.objects.get(code="covid-19"),
            template_code="popup_near",
            chosen=plan.chosen,
            starts_at=moment,
            per_minute=10,
            session=session,
            no_room_reason="Bussen kan tage flere, og der er en runde til om fem uger.",
        )
        wave = create_wave(by=by, municipality=Municipality.objects.get(code=MUNICIPALITY), content=content, now=moment)
        try:
            return send_for_approval(by=by, wave=wave, now=moment)
        except UserError:
            # A small demo may have nobody left to write to; the draft shows why.
            return None

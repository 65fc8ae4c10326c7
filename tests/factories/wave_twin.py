"""A slow twin of a wave's preview: each citizen asked one by one, each text written out and measured (S3)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from campaigns.message_texts import first_name
from campaigns.models import (
    CallTask,
    ContactAttempt,
    Conversation,
    HealthDialogue,
    OptOut,
    SmsMessage,
    SmsWaveRecipient,
)
from campaigns.selectors.waves_audience import ON_THEIR_WAY
from campaigns.sending_window import COPENHAGEN
from campaigns.services.waves.specs import WaveSpec, texts_of
from campaigns.waves.audience import NAMED_WHEN_CLOSED, Standing, standing
from campaigns.waves.exclusions import Facts, LeftOut, left_out
from outreach.messaging.segments import count
from registry.models import Citizen, FollowUp, Phone, PhoneKind
from registry.selectors.citizens import sms_phone


@dataclass
class TwinPreview:
    """Counts by reason, recipients, and the parts of their texts."""

    left_out: Counter[str] = field(default_factory=Counter)
    recipients: dict[int, str] = field(default_factory=dict)
    segments: int = 0
    unicode: int = 0


def preview_twin(spec: WaveSpec, *, now: datetime) -> TwinPreview:
    """What `preview_wave` should say; call inside a data context."""
    texts, twin, numbers = texts_of(spec), TwinPreview(), set()
    for follow_up in FollowUp.objects.filter(programme=spec.programme).select_related("citizen").order_by("citizen"):
        stands = standing(
            status=follow_up.status, closed_reason=follow_up.closed_reason, outcome=follow_up.outcome,
            contacted=follow_up.first_contact_at is not None,
        )  # fmt: skip
        if not _named(spec, follow_up, stands, now):
            continue
        facts = _facts(spec, follow_up, stands, set(texts), now)
        asked = Standing.WAITING in spec.chosen.statuses
        reason = left_out(facts, answered_are_asked=asked, queued_calls=spec.chosen.queued_calls)
        citizen = follow_up.citizen
        if reason is None and _number(citizen) in numbers:
            reason = LeftOut.SHARED_NUMBER
        if reason is not None:
            twin.left_out[reason.value] += 1
            continue
        numbers.add(_number(citizen))
        text = texts[citizen.language if citizen.language in texts else "da"]
        size = count(text.body_for(citizen.name))
        twin.recipients[citizen.pk] = text.template.language
        twin.segments += size.segments
        twin.unicode += size.encoding == "UCS-2"
    return twin


def _named(spec: WaveSpec, follow_up: FollowUp, stands: Standing | None, now: datetime) -> bool:
    chosen, citizen = spec.chosen, follow_up.citizen
    if follow_up.status == "closed" and follow_up.closed_reason not in NAMED_WHEN_CLOSED:
        return False
    day = max(spec.starts_at, now).astimezone(COPENHAGEN).date()
    age = citizen.age(day)
    within = [
        not chosen.groups or follow_up.target_group in chosen.groups,
        not chosen.parishes or citizen.parish_id in chosen.parishes,
        not chosen.languages or citizen.language in chosen.languages,
        not chosen.statuses or stands in chosen.statuses,
        not chosen.streets or any(citizen.address.lower().startswith(street.lower()) for street in chosen.streets),
        chosen.weeks_from is None or follow_up.weeks_on_list >= chosen.weeks_from,
        chosen.weeks_to is None or follow_up.weeks_on_list <= chosen.weeks_to,
        chosen.age_from is None or (age is not None and age >= chosen.age_from),
        chosen.age_to is None or (age is not None and age <= chosen.age_to),
    ]
    return all(within)


def _facts(spec: WaveSpec, follow_up: FollowUp, stands: Standing | None, languages: set[str], now: datetime) -> Facts:
    citizen = follow_up.citizen
    starts = max(spec.starts_at, now)
    day = starts.astimezone(COPENHAGEN).date()
    begins = datetime.combine(day, time(0), tzinfo=COPENHAGEN)
    ends = datetime.combine(day + timedelta(days=1), time(0), tzinfo=COPENHAGEN)
    mobiles = [each for each in citizen.phones.all() if each.kind == PhoneKind.MOBILE]
    right = [each for each in mobiles if each.wrong_since is None]
    indexes = [bytes(each.number_index) for each in right]
    queued = SmsMessage.objects.filter(citizen=citizen, status__in=["queued", "handing_over"])
    reached = SmsMessage.objects.filter(status__in=ON_THEIR_WAY, handed_over_at__gt=starts - timedelta(hours=24))
    places = SmsWaveRecipient.objects.filter(
        citizen=citizen, queued=False, held_out=False, left_out="", wave__state__in=["approved", "sending", "held"]
    )
    age = citizen.age(day)
    return Facts(
        citizen_status=citizen.status,
        closed_reason=follow_up.closed_reason,
        standing=stands,
        no_contact_wanted=citizen.do_not_contact_since is not None,
        child=age is not None and age < 18,
        protected=citizen.is_protected(day),
        mobiles=len(mobiles),
        right_mobiles=len(right),
        usable=len([each for each in right if not _stopped(each)]),
        named=bool(first_name(citizen.name)),
        has_text=citizen.language in languages or spec.missing_text == "danish",
        recent_message=any(
            message.citizen_id == citizen.pk or bytes(message.number_index) in indexes for message in reached
        ),
        called_today=ContactAttempt.objects.filter(
            citizen=citizen, kind__in=["call", "call_in", "dialogue"], undone_at=None, at__gte=begins, at__lt=ends
        ).exists(),
        call=_call(citizen, now, ends),
        reply_waiting=Conversation.objects.filter(citizen=citizen, state="open").exists()
        or Conversation.objects.filter(number_index__in=indexes, state="open").exists(),
        message_waiting=queued.filter(purpose="first_contact").exists()
        or (
            follow_up.next_step_kind == "sms"
            and follow_up.next_step_at is not None
            and follow_up.next_step_at <= starts + timedelta(hours=24)
        ),
        other_wave=queued.filter(purpose="wave").exclude(wave=spec.wave_id).exists()
        or places.exclude(wave=spec.wave_id).exists(),
    )


def _call(citizen: Citizen, now: datetime, ends: datetime) -> str:
    for talk in HealthDialogue.objects.filter(citizen=citizen, state__in=["open", "claimed"]):
        if talk.due_at < ends or (talk.claimed_until is not None and talk.claimed_until > now):
            return "agreed"
    for task in CallTask.objects.filter(citizen=citizen, state__in=["open", "claimed"]):
        if task.state == "claimed" and task.claimed_until is not None and task.claimed_until > now:
            return "now"
        if task.due_at < ends:
            return "agreed" if task.agreed_time else "queued"
    return ""


def _stopped(phone: Phone) -> bool:
    return OptOut.objects.filter(number_index=bytes(phone.number_index)).exists()


def _number(citizen: Citizen) -> bytes:
    usable = [each for each in citizen.phones.all() if not _stopped(each)]
    citizen._prefetched_objects_cache = {"phones": _As(usable)}  # type: ignore[attr-defined]
    chosen = sms_phone(citizen)
    citizen._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    return bytes(chosen.number_index) if chosen else b""


class _As(list):  # type: ignore[type-arg]
    """A list that answers like a prefetched relation."""

    def all(self) -> _As:
        return self

"""Claim messages for hand-over: looked at once more, then `handing_over`, and committed before anything is sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from outreach.privacy.sealing import unseal
from registry.models import Citizen, CitizenStatus, FollowUp, FollowUpStatus, NextStepKind
from registry.services.commit_lock import work_beside_commits

from ...models import (
    MACHINE_PURPOSES,
    CallTask,
    CallTaskState,
    ContactAttempt,
    ContactKind,
    ContactPoint,
    ContentClass,
    DialogueState,
    HealthDialogue,
    MessageStatus,
    OptOut,
    SmsMessage,
    SmsPurpose,
    SmsStatusChange,
)
from ...next_steps import ENDED
from ...selectors.open_replies import have_written
from ...sending_window import (
    COPENHAGEN,
    Window,
    at_hour,
    may_send_at,
    next_sending_day,
    next_sending_moment,
    window_for,
)
from ..message_cancelling import cancel_messages
from . import rechecks
from .pool import HandOver

DEFAULT_SENDER = "Kommunen"
QUIET_GAP = timedelta(hours=24)
AFTER_CLAIMED_CALL = timedelta(hours=1)
# A reply is read within two working days (K9); one that was left lying stops nobody's messages for good.
REPLY_IS_READ = timedelta(days=5)
ON_THEIR_WAY = [
    MessageStatus.HANDING_OVER,
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.IN_DOUBT,
]
CLAIM_LOCK = 7_305_119


@dataclass
class Claimed:
    """A batch: what to send, and how many were held or cancelled; `looked_at` 0 means the queue is empty."""

    hand_overs: list[HandOver] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0


def claim_batch(municipality_id: int, *, now: datetime, size: int) -> Claimed:
    """Claim up to `size` due messages of a municipality, in the open transaction; the caller commits it.

    Each is checked again (SS10): a citizen who died, declined or opted out since gets nothing. Messages outside the
    sending window, or too close to another contact, are held until later (S4, K9).
    """
    # An undo sees these messages on their way, or they are cancelled before they are looked at.
    work_beside_commits(municipality_id)
    # Two dispatchers take turns here, so that the second sees which numbers the first is about to reach.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLAIM_LOCK, municipality_id])
    messages = list(
        SmsMessage.objects.filter(municipality=municipality_id, status=MessageStatus.QUEUED, not_before__lte=now)
        .order_by("not_before", "id")
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("citizen", "phone", "template")[:size]
    )
    claimed = Claimed(looked_at=len(messages))
    if not messages:
        return claimed
    recheck = _Recheck(messages, now, window_for(municipality_id))
    point = ContactPoint.objects.filter(municipality=municipality_id).first()
    sender = (point.sms_sender if point else "") or DEFAULT_SENDER
    to_send: list[SmsMessage] = []
    for message in messages:
        if message.expires_at is not None and message.expires_at <= now:
            expire([message], now)
            claimed.counts[MessageStatus.EXPIRED] += 1
        elif reason := recheck.cancels(message):
            cancel_messages(SmsMessage.objects.filter(pk=message.pk), reason=reason, now=now)
            claimed.counts[MessageStatus.CANCELLED] += 1
        elif held := recheck.holds(message):
            message.not_before, message.status_reason = held
            message.save(update_fields=["not_before", "status_reason"])
            claimed.counts[MessageStatus.QUEUED] += 1
        else:
            recheck.reached.add(bytes(message.number_index))
            recheck.citizens_reached.add(message.citizen_id)
            to_send.append(message)
    _mark(to_send, now)
    claimed.hand_overs = [_hand_over(message, sender, now) for message in to_send]
    return claimed


class _Recheck:
    """The facts of a batch that may have changed since it was queued, read in a fixed number of queries."""

    def __init__(self, messages: list[SmsMessage], now: datetime, window: Window) -> None:
        self.now, self.window = now, window
        citizens = {each.citizen_id for each in messages}
        indexes = [bytes(each.number_index) for each in messages]
        self.opted_out = _indexes(OptOut.objects.filter(number_index__in=indexes))
        recent = SmsMessage.objects.filter(status__in=ON_THEIR_WAY, handed_over_at__gt=now - QUIET_GAP)
        self.reached = _indexes(recent.filter(number_index__in=indexes))
        self.citizens_reached = set(recent.filter(citizen__in=citizens).values_list("citizen_id", flat=True))
        due = FollowUp.objects.filter(
            citizen__in=citizens,
            status=FollowUpStatus.OPEN,
            next_step_kind=NextStepKind.SMS,
            next_step_at__lte=now,
        )
        self.due = set(due.values_list("citizen_id", flat=True))
        today = now.astimezone(COPENHAGEN).date()
        calls = ContactAttempt.objects.filter(
            citizen__in=citizens,
            kind__in=[ContactKind.CALL, ContactKind.CALL_IN, ContactKind.DIALOGUE],
            undone_at=None,
            at__gte=at_hour(today, 0),
        )
        self.called_today = set(calls.values_list("citizen_id", flat=True))
        talking = CallTask.objects.filter(citizen__in=citizens, state=CallTaskState.CLAIMED, claimed_until__gt=now)
        advising = HealthDialogue.objects.filter(
            citizen__in=citizens, state=DialogueState.CLAIMED, claimed_until__gt=now
        )
        self.talking = {pk for rows in (talking, advising) for pk in rows.values_list("citizen_id", flat=True)}
        self.wrote = have_written(citizens, indexes, since=now - REPLY_IS_READ)
        self.cancelled = rechecks.cancelled(messages, now)
        self.municipality_id = messages[0].municipality_id
        self.held_until: dict[datetime, int] = {}

    def cancels(self, message: SmsMessage) -> str:
        """Why the message must not be sent at all, or ""."""
        citizen = message.citizen
        checks = {
            "health_text": message.template is not None and message.template.content_class == ContentClass.HEALTH,
            # Who moved hears of a time that stands, and gets the answer a person wrote.
            "status": citizen.status in ENDED
            or (citizen.status == CitizenStatus.OUTSIDE and message.purpose in MACHINE_PURPOSES),
            "do_not_contact": citizen.do_not_contact_since is not None,
            "child": _is_child(citizen, self.now),
            "opted_out": bytes(message.number_index) in self.opted_out,
            "wrong_number": message.phone is None or message.phone.wrong_since is not None,
            "no_longer_due": message.purpose == SmsPurpose.FIRST_CONTACT
            and message.again_of_id is None
            and message.citizen_id not in self.due,
        }
        return next((reason for reason, holds in checks.items() if holds), "") or self.cancelled.get(message.pk, "")

    def holds(self, message: SmsMessage) -> tuple[datetime, str] | None:
        """Until when the message waits, and why; None when it may go now.

        K9's distances hold for what the machine sends on its own account. An answer to a citizen waits for the night
        only, also on a Sunday.
        """
        any_day = message.purpose == SmsPurpose.REPLY
        window = replace(self.window, sundays=True, holidays=True) if any_day else self.window
        if not may_send_at(self.now, window):
            opening = next_sending_moment(self.now, window)
            machines = message.purpose in MACHINE_PURPOSES
            return (self._let_go(opening) if machines else opening), "quiet_hours"
        # A person who sends an uncertain message once more knows of the first.
        if message.purpose not in MACHINE_PURPOSES or message.again_of_id is not None:
            return None
        tomorrow = self.now.astimezone(COPENHAGEN).date() + timedelta(days=1)
        if message.citizen_id in self.called_today:
            return at_hour(next_sending_day(tomorrow, self.window), self.window.opens), "called_today"
        if message.citizen_id in self.talking:
            return self.now + AFTER_CLAIMED_CALL, "being_called"
        if self.wrote & {message.citizen_id, bytes(message.number_index)}:
            return next_sending_moment(self.now + AFTER_CLAIMED_CALL, self.window), "reply_waiting"
        if bytes(message.number_index) in self.reached or message.citizen_id in self.citizens_reached:
            return next_sending_moment(self.now + QUIET_GAP, self.window), "recent_message"
        return None

    def _let_go(self, opening: datetime) -> datetime:
        """When one more of the machine's messages goes that waited for the window: the municipality's number each
        minute, not all at the stroke of nine (S4). One query for each opening: what earlier passes have held.
        """
        if opening not in self.held_until:
            waiting = SmsMessage.objects.filter(status=MessageStatus.QUEUED, status_reason="quiet_hours")
            own = waiting.filter(municipality=self.municipality_id, purpose__in=MACHINE_PURPOSES)
            self.held_until[opening] = own.filter(not_before__gte=opening).count()
        ahead = self.held_until[opening]
        self.held_until[opening] += 1
        return opening + timedelta(minutes=ahead // self.window.messages_per_minute)


def expire(messages: list[SmsMessage], now: datetime) -> None:
    """Their time is over before they could be sent (F16): never sent. The step's key stays taken, or whoever made the
    message would make it again, to expire again.
    """
    SmsMessage.objects.filter(pk__in=[each.pk for each in messages]).update(
        status=MessageStatus.EXPIRED, status_at=now, status_reason=""
    )
    SmsStatusChange.objects.bulk_create(
        SmsStatusChange(municipality_id=each.municipality_id, message=each, status=MessageStatus.EXPIRED, at=now)
        for each in messages
    )


def _mark(messages: list[SmsMessage], now: datetime) -> None:
    # One statement with the same values for all: `bulk_update` took 250 ms of a batch of 100.
    SmsMessage.objects.filter(pk__in=[each.pk for each in messages]).update(
        status=MessageStatus.HANDING_OVER,
        status_at=now,
        status_reason="",
        handed_over_at=now,
        attempts=F("attempts") + 1,
    )
    SmsStatusChange.objects.bulk_create(
        SmsStatusChange(municipality_id=each.municipality_id, message=each, status=MessageStatus.HANDING_OVER, at=now)
        for each in messages
    )


def _hand_over(message: SmsMessage, sender: str, now: datetime) -> HandOver:
    number = unseal("phone", bytes(message.number_ciphertext), bytes(message.number_index))
    left = None if message.expires_at is None else int((message.expires_at - now).total_seconds())
    return HandOver(message.pk, message.citizen_id, number, message.body, sender, message.segments, left)


def _is_child(citizen: Citizen, now: datetime) -> bool:
    age = citizen.age(now.astimezone(COPENHAGEN).date())
    return age is not None and age < 18


def _indexes(rows: QuerySet[Any]) -> set[bytes]:
    return {bytes(index) for index in rows.values_list("number_index", flat=True)}

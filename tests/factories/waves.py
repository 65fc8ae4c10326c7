"""Waves and their audiences, for tests of sending to many."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from campaigns.models import SmsWave
from campaigns.services.waves import WaveContent, approve_wave, create_wave, send_for_approval
from campaigns.services.waves.jobs import queue_wave
from campaigns.waves.audience import WaveFilter
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp, Municipality, Programme

from .cast import actor_with_role
from .contact_pages import NOW, citizen, follow_up, phone
from .geography import ISHOEJ

LATER = NOW + timedelta(days=10)
_serial = count(1)


def lead(username: str = "teamleder") -> Actor:
    """Somebody who may make and approve waves."""
    return actor_with_role(Role.TEAM_LEAD, username=username)


def listener(name: str = "Aase Mikkelsen", number: str | None = None, **changes: Any) -> FollowUp:
    """A citizen with a mobile whose follow-up waits for nothing near: a recipient of any wave."""
    about = {key: changes.pop(key) for key in list(changes) if key in _CITIZEN}
    owner = citizen(name, **about)
    if number is None:
        number = f"+45201{next(_serial):05d}"
    if number:
        phone(owner, number)
    values = {"next_step_kind": "wait", "next_step_at": LATER, "next_step_reason": "sms_unanswered", **changes}
    return follow_up(owner, **values)


_CITIZEN = {field.name for field in Citizen._meta.get_fields()} - {"id", "follow_ups", "status"} | {"language"}


def content(**changes: Any) -> WaveContent:
    """A wave to everybody, at once, sixty a minute."""
    values: dict[str, Any] = {
        "name": "Hele byen",
        "programme": Programme.objects.get_or_create(code="covid-19", defaults={"name": "covid-19"})[0],
        "template_code": "please_reply",
        "chosen": WaveFilter(),
        "starts_at": NOW,
        "per_minute": 60,
    }
    return WaveContent(**values | changes)


def draft(by: Actor, **changes: Any) -> SmsWave:
    """A draft of Ishøj; call inside a data context."""
    return create_wave(by=by, municipality=Municipality.objects.get(pk=ISHOEJ), content=content(**changes), now=NOW)


def awaiting(by: Actor, **changes: Any) -> SmsWave:
    """A wave that awaits approval."""
    return send_for_approval(by=by, wave=draft(by, **changes), now=NOW)


def approved(maker: Actor, approver: Actor, **changes: Any) -> SmsWave:
    """An approved wave; opens its own contexts."""
    with data_context(maker):
        wave = awaiting(maker, **changes)
    with data_context(approver):
        return approve_wave(by=approver, wave=wave, version=wave.version, now=NOW)


def queued(maker: Actor, approver: Actor, **changes: Any) -> SmsWave:
    """An approved wave whose messages are in the queue."""
    wave = approved(maker, approver, **changes)
    queue_wave(wave.pk, now=NOW)
    wave.refresh_from_db()
    return wave

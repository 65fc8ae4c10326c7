"""Pass a worried citizen on to the health adviser's queue, and take that back when it is no longer needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from outreach.privacy.fields import decrypt_text, encrypt_text
from registry.models import Citizen, FollowUp, NextStepKind

from ...models import ContactAttempt, DialogueState, HealthDialogue

MOMENTS = ("due_at", "claimed_until", "closed_at")
WORRY = "dialogue_worry"
FIELDS = ("state", "agreed_time", "tries", "topic", "claimed_by_id")


def refer(
    *,
    citizen: Citizen,
    attempt: ContactAttempt,
    topic: str,
    worry: str,
    due_at: datetime,
    agreed_time: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    """Put the citizen into the advisers' queue, once: a talk that waits already gets the new time and worry.

    Returns what `restore_dialogues` takes to undo it.
    """
    waiting = HealthDialogue.objects.select_for_update().filter(citizen=citizen).waiting().first()
    if waiting is not None:
        before = [dialogue_row(waiting)]
        waiting.due_at, waiting.agreed_time, waiting.tries = due_at, agreed_time, 0
        waiting.topic = topic or waiting.topic
        waiting.worry = worry or waiting.worry
        waiting.save()
        return before
    made = HealthDialogue.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        attempt=attempt,
        referred_at=now,
        referred_by_name=attempt.by_name,
        topic=topic,
        worry=worry,
        due_at=due_at,
        agreed_time=agreed_time,
    )
    return [{"id": made.pk, "made": True}]


def withdraw_unneeded(*, citizen: Citizen, now: datetime) -> list[dict[str, Any]]:
    """End a waiting talk that no open follow-up asks for any more. Returns what undoes it."""
    waiting = HealthDialogue.objects.select_for_update().filter(citizen=citizen).waiting().first()
    if waiting is None:
        return []
    wanted = FollowUp.objects.open().filter(citizen=citizen, next_step_kind=NextStepKind.HEALTH_DIALOGUE)
    if wanted.exists():
        return []
    before = [dialogue_row(waiting)]
    waiting.state, waiting.closed_at, waiting.claimed_until = DialogueState.WITHDRAWN, now, None
    waiting.save(update_fields=["state", "closed_at", "claimed_until"])
    return before


def restore_dialogues(rows: Sequence[Mapping[str, Any]]) -> None:
    """Put talks back as they stood; one that the undone answer had made is gone."""
    for row in rows:
        if row.get("made"):
            HealthDialogue.objects.filter(pk=row["id"]).delete()
            continue
        talk = HealthDialogue.objects.select_for_update().get(pk=row["id"])
        for name in FIELDS:
            setattr(talk, name, row[name])
        for name in MOMENTS:
            setattr(talk, name, parse_datetime(row[name]) if row[name] else None)
        talk.worry = decrypt_text(WORRY, bytes.fromhex(row["worry"]))
        talk.save()


def dialogue_row(talk: HealthDialogue) -> dict[str, Any]:
    """The talk as it stands, JSON-ready; its words as they are stored, encrypted (A4)."""
    row: dict[str, Any] = {"id": talk.pk, **{name: getattr(talk, name) for name in FIELDS}}
    for name in MOMENTS:
        moment = getattr(talk, name)
        row[name] = moment.isoformat() if moment else None
    row["worry"] = encrypt_text(WORRY, talk.worry or "").hex()
    return row

"""Proof of the duty (K3): every attempt to reach a citizen, when, how, by whom, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..models import ContactAttempt, ContactKind, SmsMessage
from .timeline import message_text
from .timeline_words import attempt_text


@dataclass(frozen=True)
class Attempt:
    """One attempt: `kind` as in `ContactKind`, `result` in words. `by_name` is empty for what the program sent."""

    at: datetime
    kind: str
    result: str
    by_name: str


def attempts_of(citizen_ids: Sequence[int]) -> dict[int, list[Attempt]]:
    """All attempts that were not undone, oldest first, for each of the citizens. Three queries.

    A message counts from when it was handed over; an SMS that a person wrote down has its own row in neither.
    """
    found: dict[int, list[Attempt]] = defaultdict(list)
    made = ContactAttempt.objects.filter(citizen__in=citizen_ids, undone_at=None)
    # A message of ours has its own row, with what became of it; one from a spreadsheet has none.
    for attempt in made.exclude(kind=ContactKind.SMS, earlier_contacts=None).prefetch_related("answers"):
        found[attempt.citizen_id].append(Attempt(attempt.at, attempt.kind, attempt_text(attempt, {}), attempt.by_name))
    sent = SmsMessage.objects.filter(citizen__in=citizen_ids, handed_over_at__isnull=False)
    for message in sent.defer("body", "number_ciphertext", "number_index"):
        if message.handed_over_at is not None:
            found[message.citizen_id].append(
                Attempt(message.handed_over_at, ContactKind.SMS, message_text(message), "")
            )
    return {citizen: sorted(attempts, key=lambda each: each.at) for citizen, attempts in found.items()}

"""Mark a batch as sent: what changed since it was made is looked at first, and said (S9, K1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import FollowUp, NextStepKind

from ...letters.rules import LeftOut, Standing, left_out
from ...models import BatchState, Letter, LetterBatch, LetterState
from .batches import change_state
from .sending import record_letters_sent


@dataclass(frozen=True)
class Stopped:
    """A letter that must be taken out of the pile by hand, and why."""

    letter: Letter
    reason: LeftOut


def letters_to_take_out(batch: LetterBatch, now: datetime) -> list[Stopped]:
    """Letters in the pile whose citizen should not get one any more. Two queries, however many letters."""
    # The second letter of one person is taken out when the records are merged, and may be printed by then (C3).
    in_pile = Q(state=LetterState.WAITING) | Q(state=LetterState.TAKEN_OUT, taken_out_reason=LeftOut.MERGED)
    letters = list(batch.letters.filter(in_pile).select_related("citizen").order_by("-channel", "position"))
    open_steps: dict[int, set[str]] = {}
    for citizen_id, kind in (
        FollowUp.objects.open()
        .filter(citizen__in=[each.citizen_id for each in letters])
        .values_list("citizen_id", "next_step_kind")
    ):
        open_steps.setdefault(citizen_id, set()).add(kind)
    today = timezone.localdate(now)
    stopped = []
    for letter in letters:
        if letter.state == LetterState.TAKEN_OUT:
            stopped.append(Stopped(letter, LeftOut.MERGED))
            continue
        reason = left_out(Standing(letter.citizen), today=today, released=bool(letter.release_reason))
        if reason == LeftOut.PROTECTED:
            reason = LeftOut.PROTECTED_SINCE
        if reason is None:
            steps = open_steps.get(letter.citizen_id, set())
            reason = None if NextStepKind.LETTER in steps else LeftOut.OTHER_STEP if steps else LeftOut.CLOSED
        if reason is not None:
            stopped.append(Stopped(letter, reason))
    return stopped


@transaction.atomic
def mark_sent(*, by: Actor, batch: LetterBatch, seen: Collection[int], now: datetime) -> int:
    """Count each letter as an attempt, but those taken out; return how many went.

    `seen` are the letters the person was told to take out. Raises UserError `letters_changed` when there are others by
    now, so that nobody says "sent" of a letter that should not be, and `batch_not_undoable` for a batch not ready.
    """
    by.require(Permission.SEND_LETTERS)
    locked = LetterBatch.objects.visible_to(by).select_for_update().get(pk=batch.pk)
    stopped = letters_to_take_out(locked, now)
    if {each.letter.pk for each in stopped} != set(seen):
        raise UserError(
            "letters_changed",
            _("Noget har ændret sig, siden du åbnede siden. Se listen over breve, der skal tages ud, igen."),
        )
    change_state(locked, BatchState.SENT, by_name=by.name, now=now)
    for each in stopped:
        Letter.objects.filter(pk=each.letter.pk).update(state=LetterState.TAKEN_OUT, taken_out_reason=each.reason)
    going = locked.letters.filter(state=LetterState.WAITING)
    citizens = list(going.values_list("citizen_id", flat=True))
    going.update(state=LetterState.SENT)
    follow_ups = FollowUp.objects.visible_to(by).open().filter(citizen__in=citizens)
    record_letters_sent(by=by, follow_ups=list(follow_ups), now=now)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="letter_batch",
        subject_id=locked.pk,
        purpose=_("Breve markeret som sendt"),
        detail={"sent": len(citizens), "taken_out": len(stopped)},
        at=now,
    )
    return len(citizens)

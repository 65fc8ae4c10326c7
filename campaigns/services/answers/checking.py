"""What an answer must say before it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Barrier, Citizen, FollowUp, FollowUpStatus, Outcome

from ...models import CallTask, CallTaskState, ContactKind, SpokeWith
from ...outcomes import FOR_ALL_PROGRAMMES, NOT_REACHED

CALLS = frozenset({ContactKind.CALL, ContactKind.CALL_IN})


@dataclass(frozen=True)
class Answer:
    """One answer on its way into the rows of one or more people."""

    by: Actor
    outcome: Outcome
    barrier: str
    spoke_with: str
    kind: ContactKind
    call_back_at: datetime | None
    note: str
    minutes: int | None
    now: datetime

    @property
    def is_call(self) -> bool:
        return self.kind in CALLS

    @property
    def uses_attempt(self) -> bool:
        """A wrong number reaches nobody and uses up none of the policy's attempts."""
        return self.is_call and self.outcome != Outcome.WRONG_NUMBER


def checked(
    *,
    by: Actor,
    outcome: Outcome | str,
    barrier: str,
    spoke_with: str,
    kind: ContactKind | str,
    call_back_at: datetime | None,
    note: str,
    minutes: int | None,
    now: datetime,
) -> Answer:
    """The answer, if it makes sense. Raises UserError."""
    if outcome not in Outcome.values:
        raise UserError("unknown_outcome", _("Svaret »%(code)s« findes ikke.") % {"code": outcome})
    if barrier and barrier not in Barrier.values:
        raise UserError("unknown_barrier", _("Årsagen »%(code)s« findes ikke.") % {"code": barrier})
    if spoke_with not in SpokeWith.values:
        raise UserError("unknown_spoke_with", _("»%(code)s« er ikke en, der kan tales med.") % {"code": spoke_with})
    chosen = Outcome(outcome)
    if chosen == Outcome.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise UserError("call_back_time", _("Skriv, hvornår du skal ringe igen. Tidspunktet skal ligge efter nu."))
    return Answer(
        by=by,
        outcome=chosen,
        barrier=barrier,
        spoke_with=SpokeWith.NOBODY if chosen in NOT_REACHED else spoke_with,
        kind=ContactKind(kind),
        call_back_at=call_back_at if chosen == Outcome.CALL_BACK else None,
        note=note,
        minutes=minutes,
        now=now,
    )


def waiting_task(by: Actor, citizen: Citizen, call_task: CallTask | None, now: datetime) -> CallTask | None:
    """The citizen's waiting task, locked. Somebody else's running claim is theirs to answer."""
    waiting = CallTask.objects.select_for_update().filter(citizen=citizen).waiting().first()
    if call_task is not None and (waiting is None or waiting.pk != call_task.pk):
        raise UserError("task_gone", _("Opkaldet er allerede afsluttet. Åbn borgerens side for at se, hvad der skete."))
    claimed = waiting is not None and waiting.state == CallTaskState.CLAIMED
    foreign = claimed and waiting.claimed_by_id != by.user_id  # type: ignore[union-attr]
    if call_task is not None and foreign and waiting.claimed_until > now:  # type: ignore[union-attr,operator]
        raise UserError("task_claimed", _("En kollega har taget borgeren imens. Din registrering er ikke gemt."))
    return waiting


def locked_follow_ups(citizen: Citizen, answer: Answer, chosen: Sequence[FollowUp] | None) -> list[FollowUp]:
    """The open follow-ups the answer holds for. Raises UserError `nothing_open`."""
    # Locked in the order of their keys: two answers at once wait for each other instead of deadlocking.
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("programme", "municipality")
    found = list(rows.filter(citizen=citizen, status=FollowUpStatus.OPEN).order_by("id"))
    if chosen is not None and answer.outcome not in FOR_ALL_PROGRAMMES:
        wanted = {each.pk for each in chosen}
        found = [each for each in found if each.pk in wanted]
    if not found:
        raise UserError("nothing_open", _("Borgeren har ingen åben opfølgning, som svaret kan gælde."))
    return found


def require_open(member: Citizen) -> None:
    """Whom in the household the answer is to hold for too may have died meanwhile. UserError `member_ended`."""
    if not FollowUp.objects.filter(citizen=member, status=FollowUpStatus.OPEN).exists():
        raise UserError(
            "member_ended",
            _("%(name)s skal ikke kontaktes mere. Svaret er ikke gemt. Fjern krydset ved navnet, og gem igen.")
            % {"name": member.name},
        )

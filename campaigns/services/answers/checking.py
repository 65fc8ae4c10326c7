"""What an answer must say before it is written down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Barrier, Citizen, FollowUp, FollowUpStatus, Outcome

from ...models import CallNeed, CallTask, CallTaskState, ContactKind, SpokeWith, WorryTopic
from ...outcomes import FOR_ALL_PROGRAMMES, NOT_REACHED
from ..guardians import guardian_gate
from .said import Contact, Said

CALLS = frozenset({ContactKind.CALL, ContactKind.CALL_IN})
WITH_BOOKED_TIME = frozenset({Outcome.BOOKED_ON_BEHALF, Outcome.ALREADY_BOOKED})
# K8: what is completed by being written down here. A visit or a booking made elsewhere asks the same gate.
COMPLETES = frozenset({Outcome.BOOKED_ON_BEHALF})
HELPS = ("interpreter", "relative")


@dataclass(frozen=True)
class Answer:
    """One checked answer on its way into the rows of one or more people."""

    by: Actor
    said: Said
    contact: Contact
    now: datetime

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.said.outcome)

    @property
    def is_call(self) -> bool:
        return self.contact.kind in CALLS

    @property
    def uses_attempt(self) -> bool:
        """A wrong number reaches nobody and uses up none of the policy's attempts."""
        return self.is_call and self.outcome != Outcome.WRONG_NUMBER


def checked(said: Said, contact: Contact, *, by: Actor, now: datetime) -> Answer:
    """The answer, if it makes sense, without what its outcome does not ask for. Raises UserError."""
    if said.outcome not in Outcome.values:
        raise UserError("unknown_outcome", _("Svaret »%(code)s« findes ikke.") % {"code": said.outcome})
    if said.barrier and said.barrier not in Barrier.values:
        raise UserError("unknown_barrier", _("Årsagen »%(code)s« findes ikke.") % {"code": said.barrier})
    if contact.spoke_with not in SpokeWith.values:
        raise UserError(
            "unknown_spoke_with", _("»%(code)s« er ikke en, der kan tales med.") % {"code": contact.spoke_with}
        )
    _known(said.needs, CallNeed.values)
    _known([said.topic] if said.topic else [], WorryTopic.values)
    _known([said.language_help] if said.language_help else [], HELPS)
    outcome = Outcome(said.outcome)
    if outcome == Outcome.CALL_BACK and (said.call_back_at is None or said.call_back_at <= now):
        raise UserError("call_back_time", _("Skriv, hvornår du skal ringe igen. Tidspunktet skal ligge efter nu."))
    if said.talk_at is not None and said.talk_at <= now:
        raise UserError("talk_time", _("Fagsamtalen skal ligge senere end nu. Vælg et andet tidspunkt."))
    if outcome in NOT_REACHED:
        contact = replace(contact, spoke_with=SpokeWith.NOBODY, spoke_with_name="", interpreter_language="")
    return Answer(by=by, said=_only_asked(said, outcome), contact=contact, now=now)


def _known(codes: Collection[str], values: Collection[str]) -> None:
    for code in codes:
        if code not in values:
            raise UserError("unknown_choice", _("Valget »%(code)s« findes ikke.") % {"code": code})


def _only_asked(said: Said, outcome: Outcome) -> Said:
    """Without script the form shows every question; only those of the outcome are kept."""
    blank = Said(outcome=outcome, barrier=said.barrier, wishes=said.wishes)
    kept: dict[Outcome, tuple[str, ...]] = {
        Outcome.CALL_BACK: ("call_back_at",),
        Outcome.WANTS_POPUP: ("session",),
        Outcome.BOOKED_ON_BEHALF: ("booked_at", "booked_place"),
        Outcome.ALREADY_BOOKED: ("booked_at", "booked_place"),
        Outcome.NEEDS_BOOKING_HELP: ("needs",),
        Outcome.NEEDS_RIDE: ("needs",),
        Outcome.HOME_ASSESSMENT: ("needs",),
        Outcome.NEEDS_ESCORT: ("needs",),
        Outcome.HEALTH_DIALOGUE: ("topic", "worry", "talk_at"),
        Outcome.WRONG_NUMBER: ("wrong_phone",),
        Outcome.LANGUAGE: ("language", "language_help"),
    }
    return replace(blank, **{name: getattr(said, name) for name in kept.get(outcome, ())})


def require_guardian_told(citizen: Citizen, outcomes: Collection[str], contact: Contact) -> None:
    """K8: nothing is completed before the guardian is told. Raises UserError `guardian_not_informed`."""
    told_now = contact.guardian_told or contact.spoke_with == SpokeWith.GUARDIAN
    if told_now or not COMPLETES & set(outcomes):
        return
    if sentence := guardian_gate(citizen):
        raise UserError("guardian_not_informed", sentence)


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


def locked_follow_ups(citizen: Citizen, answers: Sequence[Answer], chosen: Collection[int] | None) -> list[FollowUp]:
    """The open follow-ups the answers hold for: the chosen keys, and all of them for what is true of the person.

    Raises UserError `nothing_open`.
    """
    # Locked in the order of their keys: two answers at once wait for each other instead of deadlocking.
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("programme", "municipality")
    found = list(rows.filter(citizen=citizen, status=FollowUpStatus.OPEN).order_by("id"))
    of_person = any(each.is_call and each.outcome in FOR_ALL_PROGRAMMES for each in answers)
    if chosen is not None and not of_person:
        found = [each for each in found if each.pk in chosen]
    if not found:
        raise UserError("nothing_open", _("Borgeren har ingen åben opfølgning, som svaret kan gælde."))
    return found


def require_open(member: Citizen) -> None:
    """Whom in the household the answer is to hold for too may have died meanwhile. UserError `member_ended`."""
    if not FollowUp.objects.filter(citizen=member, status=FollowUpStatus.OPEN).exists():
        raise UserError(
            "member_ended",
            _("%(name)s skal ikke kontaktes mere. Svaret er ikke gemt. Fjern fluebenet ved navnet, og gem igen.")
            % {"name": member.name},
        )

"""Take an answer back within seconds, as if it had not been given (K5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, FollowUpChange
from registry.services.commit_lock import work_beside_commits
from registry.services.follow_up_steps import restore_summary
from registry.services.referrals import withdraw_access
from registry.services.scope import require_municipality

from ...models import ContactAttempt, ContactKind, HealthTalk
from ..planning import plan
from .before import put_back
from .passing_on import take_back
from .person import restore_person

# The page offers ten seconds; the way there and back takes some.
UNDO_WITHIN = timedelta(seconds=15)


@transaction.atomic
def undo_answer(*, by: Actor, attempt: ContactAttempt, now: datetime) -> ContactAttempt:
    """Put everything back as it stood before the answer; the attempt itself is kept, marked undone.

    That is: follow-ups and next steps, calls, messages, numbers, opt-outs, guardians, language, talks with a health
    adviser, booking requests, and the same for household members of the call. Raises UserError `not_yours`,
    `too_late`, `answered_since` or `changed_since`; a second undo has no effect.
    """
    require_municipality(by, attempt.municipality_id)
    work_beside_commits(attempt.municipality_id)
    together_ids = [attempt.pk, *(attempt.before or {}).get("also", [])]
    citizens = ContactAttempt.objects.filter(pk__in=together_ids).values("citizen")
    list(Citizen.objects.select_for_update().filter(pk__in=citizens).order_by("id"))
    locked = ContactAttempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if locked.undone_at is not None:
        return locked
    _refuse(by, locked, now)
    together = [locked, *_same_call(locked)]
    _refuse_when_moved_on(together)
    answered: set[int] = set()
    for each in together:
        answered |= _undo_one(by, each, now)
    citizen_ids = [each.citizen_id for each in together]
    put_back(locked.before or {}, by=by, citizen_ids=citizen_ids, answered=answered, since=locked.at, now=now)
    plan(by=by, now=now, citizen_ids=citizen_ids)
    return locked


def _refuse(by: Actor, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.by_user_id != by.user_id:
        raise UserError("not_yours", _("Kun den, der har gemt svaret, kan fortryde det."))
    if now - attempt.at > UNDO_WITHIN:
        raise UserError("too_late", _("Det er for sent at fortryde. Registrér et nyt svar i stedet."))
    later = ContactAttempt.objects.filter(citizen=attempt.citizen_id, undone_at=None, pk__gt=attempt.pk)
    if later.exists():
        raise UserError("answered_since", _("Der er registreret noget nyt siden. Registrér et nyt svar i stedet."))


def _refuse_when_moved_on(attempts: list[ContactAttempt]) -> None:
    """A list, a death or a colleague has closed or opened a case since: putting it back would undo that as well."""
    for attempt in attempts:
        since = FollowUpChange.objects.filter(follow_up__in=attempt.answers.values("follow_up"), at__gt=attempt.at)
        if since.exclude(kind=FollowUpChange.Kind.SEEN_AGAIN).exists():
            raise UserError("changed_since", _("Sagen er ændret siden. Registrér et nyt svar i stedet."))


def _same_call(attempt: ContactAttempt) -> list[ContactAttempt]:
    ids = (attempt.before or {}).get("also", [])
    return list(
        ContactAttempt.objects.select_for_update(of=("self",)).filter(pk__in=ids, undone_at=None).order_by("id")
    )


def _undo_one(by: Actor, attempt: ContactAttempt, now: datetime) -> set[int]:
    """One person's answers; returns the keys of the follow-ups put back."""
    restored = set()
    before = attempt.before or {}
    # First: a withdrawn request gives its follow-ups a step, which is then put back.
    take_back(before, attempt, by=by, now=now)
    for answer in attempt.answers.order_by("id"):
        follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=answer.follow_up_id)
        restore_summary(follow_up, answer.before, by_name=by.name, now=now)
        restored.add(follow_up.pk)
    restore_person(attempt.citizen, before.get("citizen", {}))
    if attempt.kind == ContactKind.DIALOGUE:
        HealthTalk.objects.filter(attempt=attempt).delete()
        withdraw_access(by=by, citizen=attempt.citizen)
    attempt.undone_at, attempt.undone_by_name = now, by.name
    attempt.save(update_fields=["undone_at", "undone_by_name"])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=attempt.citizen_id,
        municipality_id=attempt.municipality_id,
        purpose=_("Svar fortrudt"),
        detail={"attempt": attempt.pk},
        at=now,
    )
    return restored

"""What a team lead says about a sampled outcome, and that its caller has read it (K13)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.services.scope import require_municipality
from registry.working_days import add_working_days

from ...models import QualityCheck, QualityVerdict
from ...sending_window import COPENHAGEN


@transaction.atomic
def judge(
    *,
    by: Actor,
    check: QualityCheck,
    verdict: str,
    comment: str,
    now: datetime,
    to_user: User | None = None,
    due: date | None = None,
) -> QualityCheck:
    """Write the verdict; the caller reads the comment. Judging again replaces it, and is unread again.

    A call to be followed up becomes `to_user`'s task, due on `due`: the caller's own on the next working day when
    nothing else is said. Raises UserError `own_call`, `unknown_verdict`, `undone`, `comment_missing` for what is to be
    corrected, and `not_a_caller`, `day_passed` for the task.
    """
    by.require(Permission.CHECK_QUALITY)
    locked = _locked(by, check)
    if locked.caller_id == by.user_id:
        raise UserError("own_call", _("Det er dit eget opkald. En anden teamleder skal se på det."))
    if verdict not in QualityVerdict.values:
        raise UserError("unknown_verdict", _("Vælg, om svaret er i orden."))
    if locked.attempt.undone_at is not None:
        raise UserError("undone", _("Svaret er fortrudt imens. Der er ikke noget at se på."))
    if verdict == QualityVerdict.TO_CORRECT and not comment.strip():
        raise UserError("comment_missing", _("Skriv til medarbejderen, hvad der skal rettes."))
    locked.verdict, locked.comment = verdict, comment.strip()
    locked.checked_at, locked.checked_by_id, locked.checked_by_name = now, by.user_id, by.name
    locked.seen_at, locked.followed_up_at, locked.followed_up_by_name = None, None, ""
    _give(locked, to_user, due, now)
    locked.save()
    _log(by, locked, f"judged_{verdict}", now)
    return locked


def _give(check: QualityCheck, to_user: User | None, due: date | None, now: datetime) -> None:
    """Make it somebody's task, or nobody's where nothing is to be followed up."""
    check.follow_up_user, check.follow_up_name, check.follow_up_due = None, "", None
    if check.verdict != QualityVerdict.FOLLOW_UP:
        return
    callers = users_who_may(Permission.WORK_CALLS, [check.municipality_id])
    found = callers.filter(pk=to_user.pk if to_user is not None else check.caller_id).first()
    if found is None:
        raise UserError("not_a_caller", _("Vælg en kollega, der ringer for kommunen, til at følge op."))
    today = now.astimezone(COPENHAGEN).date()
    if due is not None and due < today:
        raise UserError("day_passed", _("Dagen er passeret. Vælg i dag eller senere."))
    check.follow_up_user, check.follow_up_name = found, found.display_name
    check.follow_up_due = due or add_working_days(today, 1)


@transaction.atomic
def mark_followed_up(*, by: Actor, check: QualityCheck, now: datetime) -> QualityCheck:
    """Whoever was to, or a team lead, has seen to a call that was to be followed up. Again: no effect."""
    locked = _locked(by, check)
    if locked.follow_up_user_id is None or locked.follow_up_user_id != by.user_id:
        by.require(Permission.CHECK_QUALITY)
    if locked.verdict == QualityVerdict.FOLLOW_UP and locked.followed_up_at is None:
        locked.followed_up_at, locked.followed_up_by_name = now, by.name
        locked.save(update_fields=["followed_up_at", "followed_up_by_name"])
        _log(by, locked, "followed_up", now)
    return locked


@transaction.atomic
def mark_seen(*, by: Actor, check: QualityCheck, now: datetime) -> QualityCheck:
    """The caller has read what was said. Only their own; again: no effect. Raises UserError `not_yours`."""
    by.require(Permission.WORK_CALLS)
    locked = _locked(by, check)
    if locked.caller_id != by.user_id:
        raise UserError("not_yours", _("Tilbagemeldingen er til en anden."))
    if locked.verdict and locked.seen_at is None:
        locked.seen_at = now
        locked.save(update_fields=["seen_at"])
    return locked


def _locked(by: Actor, check: QualityCheck) -> QualityCheck:
    require_municipality(by, check.municipality_id)
    return QualityCheck.objects.select_for_update(of=("self",)).select_related("attempt").get(pk=check.pk)


def _log(by: Actor, check: QualityCheck, what: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=check.attempt.citizen_id,
        municipality_id=check.municipality_id,
        purpose=_("Kvalitet af svar"),
        detail={"attempt": check.attempt_id, "what": what},
        at=now,
    )

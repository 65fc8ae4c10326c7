"""Earlier contacts: received, reviewed, committed, rejected or undone; a no from a spreadsheet is a no (L8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import FollowUp, FollowUpChange, Municipality, Outcome, Programme
from registry.services.commit_lock import commit_alone
from registry.services.scope import require_municipality

from ..models import (
    AnswerWord,
    ContactAttempt,
    EarlierContactRow,
    EarlierContacts,
    EarlierContactsChange,
    EarlierContactsState,
)
from .earlier_contacts_matching import match_rows
from .earlier_contacts_writing import take_back, write_contacts
from .planning import plan

State = EarlierContactsState


@transaction.atomic
def receive_file(
    *, by: Actor, municipality: Municipality, programme: Programme, display_name: str, sha256: str, now: datetime
) -> EarlierContacts:
    """A file is here; its rows come next. Raises UserError `same_file` when these bytes were taken in before."""
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    used = EarlierContacts.objects.filter(municipality=municipality, file_sha256=sha256, state=State.COMMITTED).first()
    if used is not None:
        raise UserError(
            "same_file",
            _("Filen er allerede indlæst af %(who)s. Den kan ikke tælle to gange.") % {"who": used.committed_by_name},
        )
    file = EarlierContacts.objects.create(
        municipality=municipality,
        programme=programme,
        display_name=display_name,
        file_sha256=sha256,
        state_changed_at=now,
        uploaded_by_name=by.name,
        uploaded_at=now,
    )
    EarlierContactsChange.objects.create(file=file, state=State.RECEIVED, at=now, by_name=by.name)
    return file


@transaction.atomic
def review_file(
    *, by: Actor, file: EarlierContacts, rows: int, dropped_columns: list[str], now: datetime
) -> EarlierContacts:
    """The rows are written: match them and work out what each would do."""
    by.require(Permission.UPLOAD_LISTS)
    current = _locked(by, file, State.RECEIVED)
    current.rows, current.dropped_columns = rows, dropped_columns
    match_rows(current, now=now)
    return _move(current, State.REVIEWED, by, now, _("Tidligere svar modtaget"))


@transaction.atomic
def decide_words(*, by: Actor, file: EarlierContacts, meanings: Mapping[str, str], now: datetime) -> EarlierContacts:
    """What unknown words mean (word → outcome, "" = leave such rows out); remembered, and the rows matched anew.

    Raises UserError `unknown_outcome` or `wrong_state`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, file, State.REVIEWED)
    for word, outcome in meanings.items():
        if outcome and outcome not in Outcome.values:
            raise UserError("unknown_outcome", _("Svaret »%(code)s« findes ikke.") % {"code": outcome})
        AnswerWord.objects.update_or_create(
            municipality_id=current.municipality_id,
            word=word,
            defaults={"outcome": outcome, "decided_by_name": by.name, "decided_at": now},
        )
        EarlierContactRow.objects.filter(file=current, word=word).update(outcome=outcome)
    match_rows(current, now=now)
    current.save()
    _log(by, current, Action.CHANGE, _("Ord i regneark forklaret"), {"words": len(meanings)}, now)
    return current


@transaction.atomic
def commit_file(*, by: Actor, file: EarlierContacts, now: datetime) -> EarlierContacts:
    """Take the contacts in, all or none; a committed file is left as it is. What was reviewed is worked out again.

    Raises UserError `wrong_state`, or `words_unknown` while a word waits for its meaning.
    """
    by.require(Permission.APPROVE_LISTS)
    commit_alone(file.municipality_id)
    current = _locked(by, file, State.REVIEWED, State.COMMITTED)
    if current.state == State.COMMITTED:
        return current
    match_rows(current, now=now, lock=True)
    if unknown_words(current):
        raise UserError("words_unknown", _("Der er svar, som ikke er forklaret endnu. Vælg, hvad de betyder."))
    citizens = write_contacts(by=by, file=current, now=now)
    current.committed_by_name, current.committed_at = by.name, now
    moved = _move(current, State.COMMITTED, by, now, _("Tidligere svar indlæst"))
    plan(by=by, now=now, citizen_ids=citizens)
    return moved


@transaction.atomic
def reject_file(*, by: Actor, file: EarlierContacts, now: datetime, note: str = "") -> EarlierContacts:
    """Refuse a reviewed file; its rows are erased at once. Raises UserError `wrong_state`."""
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, file, State.REVIEWED, State.RECEIVED)
    EarlierContactRow.objects.filter(file=current).delete()
    return _move(current, State.REJECTED, by, now, _("Tidligere svar afvist"), note)


@transaction.atomic
def undo_file(*, by: Actor, file: EarlierContacts, now: datetime, note: str = "") -> EarlierContacts:
    """Everything as before the file; its contacts stay, marked undone.

    Raises UserError `wrong_state` or `undo_built_on`.
    """
    by.require(Permission.APPROVE_LISTS)
    commit_alone(file.municipality_id)
    current = _locked(by, file, State.COMMITTED, State.UNDONE)
    if current.state == State.UNDONE:
        return current
    _refuse_when_built_on(current)
    citizens = take_back(by=by, file=current, now=now)
    moved = _move(current, State.UNDONE, by, now, _("Tidligere svar fortrudt"), note)
    plan(by=by, now=now, citizen_ids=citizens)
    return moved


def undo_refusal(file: EarlierContacts) -> str:
    """Why a committed file cannot be undone now, as a sentence; empty when it can."""
    try:
        _refuse_when_built_on(file)
    except UserError as error:
        return error.message
    return ""


def unknown_words(file: EarlierContacts) -> list[tuple[str, int]]:
    """Each word nobody has explained, once, with its number of rows; most frequent first."""
    rows = EarlierContactRow.objects.filter(file=file, problem_code="answer_unknown")
    return list(rows.values_list("word").annotate(rows=Count("pk")).order_by("-rows", "word"))


def _refuse_when_built_on(file: EarlierContacts) -> None:
    """A contact, an answer, a list or another file since then stands on what this one said."""
    touched = FollowUp.objects.filter(pk__in=file.effects.values("follow_up"))
    later = ContactAttempt.objects.filter(citizen__in=touched.values("citizen"), undone_at=None).exclude(
        earlier_contacts=file
    )
    newest = file.file_rows.order_by("-pk").first()
    since = file.committed_at
    contacted = later.filter(at__gte=since).exists() or touched.filter(last_contact_at__gt=since).exists()
    other_files = later.filter(earlier_contacts__committed_at__gt=since).exists()
    changed = FollowUpChange.objects.filter(follow_up__in=touched, at__gt=since).exists()
    if newest is not None and (contacted or other_files or changed):
        raise UserError(
            "undo_built_on",
            _("Nogle af borgerne er kontaktet eller ændret siden, så filen kan ikke fortrydes."),
        )


def _locked(by: Actor, file: EarlierContacts, *states: EarlierContactsState) -> EarlierContacts:
    require_municipality(by, file.municipality_id)
    rows = EarlierContacts.objects.select_for_update(of=("self",)).select_related("municipality", "programme")
    current = rows.get(pk=file.pk)
    if current.state not in states:
        raise UserError("wrong_state", _("Filen er ikke i den tilstand længere. Opdatér siden."))
    return current


def _move(
    file: EarlierContacts, state: EarlierContactsState, by: Actor, now: datetime, purpose: str, note: str = ""
) -> EarlierContacts:
    file.state, file.state_changed_at = state, now
    file.save()
    EarlierContactsChange.objects.create(file=file, state=state, at=now, by_name=by.name, note=note[:200])
    _log(by, file, Action.CHANGE, purpose, file.counts, now)
    return file


def _log(by: Actor, file: EarlierContacts, action: Action, purpose: str, detail: dict[str, Any], now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="earliercontacts",
        subject_id=file.pk,
        municipality_id=file.municipality_id,
        purpose=purpose,
        detail=detail,
        at=now,
    )

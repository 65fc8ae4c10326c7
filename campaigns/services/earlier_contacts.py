"""Earlier contacts: received, reviewed, committed, rejected or undone; a no from a spreadsheet is a no (L8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import FollowUp, FollowUpChange, Outcome
from registry.services.commit_lock import commit_alone
from registry.services.list_order_ends import keep_use_ended
from registry.services.scope import require_municipality

from ..answer_words import free_text_problem
from ..models import (
    AnswerWord,
    ContactAttempt,
    EarlierContactRow,
    EarlierContacts,
    EarlierContactsChange,
    EarlierContactsState,
)
from .earlier_contacts_columns import padding_choice, undecided_padding
from .earlier_contacts_files import erase_file
from .earlier_contacts_gates import require_second_person
from .earlier_contacts_matching import match_rows
from .earlier_contacts_writing import take_back, write_contacts
from .leaving import end_work_of_gone
from .planning import plan

State = EarlierContactsState


@transaction.atomic
def review_file(
    *, by: Actor, file: EarlierContacts, rows: int, write: Callable[[], object], now: datetime
) -> EarlierContacts:
    """The worker has read the file; `write` writes its rows. Match them and work out what each would do.

    Raises UserError `wrong_state` when somebody ended the file meanwhile.
    """
    current = _locked(by, file, State.RECEIVED)
    EarlierContactRow.objects.filter(file=current).delete()
    write()
    current.rows, current.header, current.dropped_columns = rows, file.header, file.dropped_columns
    current.mapping, current.mapping_source = file.mapping, file.mapping_source
    current.column_kinds, current.attempts, current.progress = file.column_kinds, 0, {}
    match_rows(current, now=now)
    return _move(current, State.REVIEWED, by, now, _("Tidligere svar læst"), by_name="")


@transaction.atomic
def decide_words(*, by: Actor, file: EarlierContacts, meanings: Mapping[str, str], now: datetime) -> EarlierContacts:
    """What unknown words mean (word → outcome, "" = leave such rows out); remembered, and the rows matched anew.

    Raises UserError `unknown_outcome`, `word_free_text` (A4: only words are remembered) or `wrong_state`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, file, State.REVIEWED)
    for word, outcome in meanings.items():
        if outcome and outcome not in Outcome.values:
            raise UserError("unknown_outcome", _("Svaret »%(code)s« findes ikke.") % {"code": outcome})
        if free_text_problem(word):
            raise UserError("word_free_text", _("Kun korte ord uden numre kan huskes."))
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
def decide_padding(*, by: Actor, file: EarlierContacts, choice: str, now: datetime) -> EarlierContacts:
    """One word for all numbers of the file that lost their leading zero (C2); the rows are matched anew.

    Raises UserError `unknown_choice` or `wrong_state`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, file, State.REVIEWED)
    current.padded, current.padded_by_name = padding_choice(choice), by.name
    match_rows(current, now=now)
    current.save()
    _log(by, current, Action.CHANGE, _("CPR-numre uden nul foran afgjort"), {"choice": choice}, now)
    return current


@transaction.atomic
def commit_file(*, by: Actor, file: EarlierContacts, now: datetime) -> EarlierContacts:
    """Take the contacts in, all or none; a committed file is left as it is. What was reviewed is worked out again.

    Raises UserError `wrong_state`, `words_unknown` while a word waits for its meaning, `padding_undecided` while
    proposed numbers wait for a yes or no, or `second_person` when it ends too much for whoever handed it in.
    """
    by.require(Permission.APPROVE_LISTS)
    commit_alone(file.municipality_id)
    current = _locked(by, file, State.REVIEWED, State.COMMITTED)
    if current.state == State.COMMITTED:
        return current
    match_rows(current, now=now, lock=True)
    if unknown_words(current):
        raise UserError("words_unknown", _("Der er svar, som ikke er forklaret endnu. Vælg, hvad de betyder."))
    if undecided_padding(current):
        raise UserError(
            "padding_undecided", _("Nogle CPR-numre har mistet nullet foran. Vælg, om det skal sættes foran.")
        )
    require_second_person(by, current)
    citizens = write_contacts(by=by, file=current, now=now)
    current.committed_by_name, current.committed_at = by.name, now
    moved = _move(current, State.COMMITTED, by, now, _("Tidligere svar indlæst"))
    plan(by=by, now=now, citizen_ids=citizens)
    end_work_of_gone(by=by, municipality_id=current.municipality_id, now=now, citizen_ids=citizens)
    erase_file(moved, now=now)
    return moved


@transaction.atomic
def reject_file(*, by: Actor, file: EarlierContacts, now: datetime, note: str = "") -> EarlierContacts:
    """Refuse a file that is not taken in; it is erased at once with its rows. Raises UserError `wrong_state`."""
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, file, State.REVIEWED, State.RECEIVED)
    EarlierContactRow.objects.filter(file=current).delete()
    current.waits_for = ""
    moved = _move(current, State.REJECTED, by, now, _("Tidligere svar afvist"), note)
    erase_file(moved, now=now)
    return moved


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
    # Whom only an order names that is over by now is not opened by it (L2).
    touched = FollowUp.objects.filter(pk__in=current.effects.values("follow_up"))
    for programme_id in touched.order_by("programme_id").values_list("programme_id", flat=True).distinct():
        keep_use_ended(by=by, municipality_id=current.municipality_id, programme_id=programme_id, now=now)
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
    since = file.committed_at
    if not file.effects.exists() and not file.file_rows.exists():
        raise UserError("undo_erased", _("Filens rækker er slettet efter slettefristen, så den kan ikke fortrydes."))
    touched = FollowUp.objects.filter(pk__in=file.effects.values("follow_up"))
    later = ContactAttempt.objects.filter(citizen__in=touched.values("citizen"), undone_at=None).exclude(
        earlier_contacts=file
    )
    # A contact of the same day stands at noon, which may lie after the hour the file was taken in.
    own = ContactAttempt.objects.filter(
        earlier_contacts=file, citizen=OuterRef("citizen"), at=OuterRef("last_contact_at")
    )
    contacted = later.filter(at__gte=since).exists() or touched.filter(~Exists(own), last_contact_at__gt=since).exists()
    other_files = later.filter(earlier_contacts__committed_at__gt=since).exists()
    changed = FollowUpChange.objects.filter(follow_up__in=touched, at__gt=since).exists()
    if contacted or other_files or changed:
        raise UserError(
            "undo_built_on",
            _("Nogle af borgerne er kontaktet eller ændret siden, så filen kan ikke fortrydes."),
        )


def _locked(by: Actor, file: EarlierContacts, *states: EarlierContactsState) -> EarlierContacts:
    require_municipality(by, file.municipality_id)
    rows = EarlierContacts.objects.select_for_update(of=("self",)).select_related("municipality", "programme")
    current = rows.get(pk=file.pk)
    if current.state not in states:
        raise UserError("wrong_state", _("Filen er ikke i den tilstand længere. Genindlæs siden."))
    return current


def _move(
    file: EarlierContacts,
    state: EarlierContactsState,
    by: Actor,
    now: datetime,
    purpose: str,
    note: str = "",
    *,
    by_name: str | None = None,
) -> EarlierContacts:
    """`by_name`: who the page says it was; empty for the system."""
    who = by.name if by_name is None else by_name
    file.state, file.state_changed_at = state, now
    file.save()
    EarlierContactsChange.objects.create(file=file, state=state, at=now, by_name=who, note=note[:200])
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

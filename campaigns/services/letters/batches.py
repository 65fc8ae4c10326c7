"""Make a batch of letters, and take it back before it is sent (S9, C5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from outreach.errors import UserError

from ...letters.rules import Standing, left_out
from ...models import (
    BATCH_TRANSITIONS,
    BatchState,
    ContactPoint,
    Letter,
    LetterBatch,
    LetterBatchChange,
    LetterChannel,
    LetterSender,
    LetterState,
    LetterText,
)
from ...selectors.letters import Due, letters_due
from ..texts import approved_letter

CODE = "contact"
UNDONE = "batch_undone"
# The typesetter holds a pile in memory: 500 letters are some 700 MB. The rest waits for the next batch.
MOST_LETTERS = 500


@dataclass(frozen=True)
class Release:
    """Somebody lets a protected address out of the house for this one letter, and says why (C5)."""

    citizen_id: int
    reason: str


@transaction.atomic
def make_batch(
    *,
    by: Actor,
    reasons: Sequence[str],
    releases: Sequence[Release] = (),
    asked_as: UUID | None = None,
    now: datetime,
) -> LetterBatch:
    """A batch for those whose letter is due for one of `reasons`; a task sets it.

    One letter serves all a citizen's programmes (C8); at most `MOST_LETTERS` in a batch. Protected addresses come along
    only when released with a reason. The batch already made for the same `asked_as` is given back: a second click; one
    that was undone is not.
    Raises UserError: `letters_no_sender`, `letters_no_phone`, `letters_no_cvr`, `letters_none`, `release_no_reason`,
    `letters_meanwhile` when a colleague made a batch in the same moment.
    """
    by.require(Permission.SEND_LETTERS)
    key = _key(by, asked_as)
    if (made := LetterBatch.objects.visible_to(by).filter(asked_as=key).first()) is not None:
        return made
    released = {each.citizen_id: each.reason.strip() for each in releases}
    if not all(released.values()):
        raise UserError("release_no_reason", _("Skriv, hvorfor den beskyttede adresse skal bruges."))
    due = [each for each in letters_due(by, now) if each.reason in reasons and _goes(each, released, now)][
        :MOST_LETTERS
    ]
    if not due or by.municipality_code is None:
        raise UserError("letters_none", _("Der er ingen breve at lave for det valgte. Vælg en anden grund."))
    _require_sender(by.municipality_code, due)
    batch, is_new = LetterBatch.objects.get_or_create(
        municipality_id=by.municipality_code,
        asked_as=key,
        defaults={
            "state_changed_at": now,
            "created_at": now,
            "created_by_id": by.user_id,
            "created_by_name": by.name,
        },
    )
    if not is_new:  # the second click came while the first was at work
        return batch
    LetterBatchChange.objects.create(
        municipality_id=batch.municipality_id, batch=batch, state=batch.state, at=now, by_name=by.name
    )
    try:
        with transaction.atomic():
            Letter.objects.bulk_create(_letters(batch, due, released, by))
    except IntegrityError as problem:
        raise UserError(
            "letters_meanwhile",
            _("En kollega lavede en bunke i samme øjeblik. Genindlæs siden, og se, hvem der er tilbage."),
        ) from problem
    shown = [each.citizen.pk for each in due]
    record_looks(by=by, citizen_ids=shown, purpose=_("Brev lavet"), action=Action.EXPORT, at=now)
    for citizen_id in sorted(released.keys() & set(shown)):
        _log_release(by, citizen_id, batch, now)
    return batch


@transaction.atomic
def undo_batch(*, by: Actor, batch: LetterBatch, now: datetime, note: str = "") -> list[str]:
    """Take back a batch that is not sent: its citizens wait for a letter again.

    Returns the names of the files to erase, once this is committed. Raises UserError `batch_not_undoable`.
    """
    by.require(Permission.SEND_LETTERS)
    locked = LetterBatch.objects.visible_to(by).select_for_update().get(pk=batch.pk)
    files = [name for name in (locked.paper_file, locked.digital_file) if name]
    change_state(locked, BatchState.UNDONE, by_name=by.name, now=now, note=note)
    locked.letters.filter(state=LetterState.WAITING).update(state=LetterState.TAKEN_OUT, taken_out_reason=UNDONE)
    LetterBatch.objects.filter(pk=locked.pk).update(paper_file="", digital_file="", files_erased_at=now)
    record(by=by, action=Action.CHANGE, subject_kind="letter_batch", subject_id=locked.pk,
           purpose=_("Brevbunke fortrudt"), at=now)  # fmt: skip
    return files


def change_state(batch: LetterBatch, state: BatchState, *, by_name: str, now: datetime, note: str = "") -> None:
    """Move a locked batch on, with a row in its history. Raises UserError `batch_not_undoable` where no way leads."""
    if state not in BATCH_TRANSITIONS[BatchState(batch.state)]:
        sentence = _("Bunken er »%(state)s« og kan ikke ændres. Genindlæs siden.")
        raise UserError("batch_not_undoable", sentence % {"state": batch.get_state_display().lower()})
    batch.state, batch.state_changed_at = state, now
    batch.save(update_fields=["state", "state_changed_at"])
    LetterBatchChange.objects.create(
        municipality_id=batch.municipality_id, batch=batch, state=state, at=now, by_name=by_name, note=note
    )


def _key(by: Actor, asked_as: UUID | None) -> UUID:
    """What makes the batch once; the page of an undone batch, gone back to, asks for a new one, and for that once."""
    key = asked_as or uuid4()
    while LetterBatch.objects.visible_to(by).filter(asked_as=key, state=BatchState.UNDONE).exists():
        key = uuid5(key, "again")
    return key


def _goes(due: Due, released: Mapping[int, str], now: datetime) -> bool:
    if due.left_out is None:
        return True
    today = timezone.localdate(now)
    citizen_id = due.citizen.pk
    return citizen_id in released and left_out(Standing(due.citizen), today=today, released=True) is None


def _require_sender(municipality_id: int, due: Sequence[Due]) -> None:
    sender = LetterSender.objects.filter(municipality=municipality_id).first()
    if sender is None:
        raise UserError("letters_no_sender", _("Skriv først, hvem brevene kommer fra: »Afsender på breve«."))
    if not ContactPoint.objects.filter(municipality=municipality_id).exclude(phone="").exists():
        raise UserError(
            "letters_no_phone", _("Brevet skal sige, hvem man kan ringe til. Skriv nummeret under »Afsender på breve«.")
        )
    if not sender.cvr and any(each.channel == LetterChannel.DIGITAL for each in due):
        raise UserError(
            "letters_no_cvr", _("Digital Post kræver kommunens CVR-nummer. Skriv det under »Afsender på breve«.")
        )


def _letters(batch: LetterBatch, due: Sequence[Due], released: Mapping[int, str], by: Actor) -> list[Letter]:
    texts: dict[str, LetterText] = {}
    places = {LetterChannel.PAPER: 0, LetterChannel.DIGITAL: 0}
    letters = []
    for each in due:
        citizen = each.citizen
        if citizen.language not in texts:
            texts[citizen.language] = _text(citizen.language, batch.municipality_id)
        places[each.channel] += 1
        reason = released.get(citizen.pk, "")
        letters.append(
            Letter(
                municipality_id=batch.municipality_id,
                batch=batch,
                citizen=citizen,
                position=places[each.channel],
                channel=each.channel,
                text=texts[citizen.language],
                release_reason=reason,
                released_by_name=by.name if reason else "",
            )
        )
    return letters


def _text(language: str, municipality_id: int) -> LetterText:
    text = approved_letter(CODE, language, municipality_id=municipality_id)
    if text is None:
        raise UserError(
            "letter_text_missing", _("Der er ingen godkendt brevtekst på dansk. Godkend en under »Tekster«.")
        )
    return text


def _log_release(by: Actor, citizen_id: int, batch: LetterBatch, now: datetime) -> None:
    record(
        by=by,
        action=Action.EXPORT,
        subject_kind="citizen",
        subject_id=citizen_id,
        purpose=_("Beskyttet adresse frigivet til et brev"),
        detail={"batch": batch.pk},
        at=now,
    )

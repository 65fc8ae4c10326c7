"""Set a batch of letters: portion by portion, outside any transaction, with progress; then seal the files (S9).

Killed on the way, nothing is written but the count, and the sweeper wakes it again; run twice, the second run finds
nothing to do.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from outreach.access.data_context import job_context
from outreach.errors import UserError
from outreach.privacy.sealed_files import store_sealed

from ..letters.memo import MemoLetter, archive
from ..letters.printing import letters_pdf, single_pdfs
from ..letters.rules import LeftOut
from ..letters.sheet import Sender, Sheet
from ..models import BatchState, Letter, LetterBatch, LetterChannel, LetterState
from ..selectors.letters import letters_of
from ..services.letters import files
from ..services.letters.batches import change_state
from ..services.letters.marking import letters_to_take_out
from ..services.letters.sheets import SheetMaker

JOB = "letters"
PORTION = 50
MOST_ATTEMPTS = 3
# Longer than a portion takes on a busy machine; a dead worker's batch waits no longer.
LEASE = timedelta(minutes=3)

log = structlog.get_logger(__name__)


def advance(batch_id: int, *, now: datetime) -> LetterBatch:
    """Take a batch to `ready`, or to `failed` with a code after a mendable fault or three attempts."""
    if not _claim(batch_id):
        return LetterBatch.objects.get(pk=batch_id)
    try:
        _make(LetterBatch.objects.get(pk=batch_id), now)
    except UserError as problem:
        _fail(batch_id, problem.code, problem.message, now)
    except Exception as error:
        LetterBatch.objects.filter(pk=batch_id).update(leased_until=None)
        if LetterBatch.objects.get(pk=batch_id).attempts < MOST_ATTEMPTS:
            raise
        error_id = uuid.uuid4().hex[:8]
        log.error("letters_failed", batch=batch_id, error=type(error).__name__, error_id=error_id)
        _fail(batch_id, "letters_failed", error_id, now)
    return LetterBatch.objects.get(pk=batch_id)


def waiting_batch_ids() -> list[int]:
    """Batches on their way that nobody works on, oldest first."""
    return list(LetterBatch.objects.filter(_free()).order_by("created_at", "id").values_list("pk", flat=True))


def _free() -> Q:
    # Real time on purpose: a demo's clock may stand still.
    return Q(state=BatchState.MAKING) & (Q(leased_until=None) | Q(leased_until__lt=timezone.now()))


def _claim(batch_id: int) -> bool:
    taken = LetterBatch.objects.filter(_free(), pk=batch_id)
    until = timezone.now() + LEASE
    return bool(taken.update(leased_until=until, attempts=F("attempts") + 1, letters_made=0))


def _make(batch: LetterBatch, now: datetime) -> None:
    with job_context(JOB, [batch.municipality_id]) as by:
        # Who has answered, died or been merged since the batch was asked for is not printed, and stops nobody else's.
        for each in letters_to_take_out(batch, now):
            # A second letter that is not printed needs no hand to take it out.
            reason = LeftOut.IN_BATCH if each.reason == LeftOut.MERGED else each.reason
            Letter.objects.filter(pk=each.letter.pk).update(state=LetterState.TAKEN_OUT, taken_out_reason=reason)
        maker = SheetMaker(by, batch, now)
        waiting = letters_of(batch).filter(state=LetterState.WAITING)
        letters = list(waiting.select_related("citizen__parish", "text"))
        paper = [each for each in letters if each.channel == LetterChannel.PAPER]
        digital = [each for each in letters if each.channel == LetterChannel.DIGITAL]
        paper_sheets, digital_sheets = maker.sheets(paper), maker.sheets(digital)
        numbers = [each.citizen.cpr for each in digital]
    stored = {"paper_file": "", "digital_file": ""}
    try:
        if paper:
            pdf = letters_pdf(_portions(batch, paper_sheets), maker.sender)
            stored["paper_file"] = store_sealed(files.FOLDER, pdf)
        if digital:
            messages = _messages(batch, digital, digital_sheets, numbers, maker.sender, now)
            stored["digital_file"] = store_sealed(files.FOLDER, archive(messages))
        kept = _finish(batch, stored, len(letters), now)
    except BaseException:
        files.erase([name for name in stored.values() if name])
        raise
    if not kept:  # taken back meanwhile
        files.erase([name for name in stored.values() if name])


def _portions(batch: LetterBatch, sheets: list[Sheet]) -> Iterator[list[Sheet]]:
    for start in range(0, len(sheets), PORTION):
        portion = sheets[start : start + PORTION]
        yield portion
        _tell(batch, len(portion))


def _messages(
    batch: LetterBatch,
    letters: list[Letter],
    sheets: list[Sheet],
    numbers: list[str],
    sender: Sender,
    now: datetime,
) -> Iterator[MemoLetter]:
    for start in range(0, len(letters), PORTION):
        part = slice(start, start + PORTION)
        pdfs = single_pdfs(sheets[part], sender)
        for letter, sheet, number, pdf in zip(letters[part], sheets[part], numbers[part], pdfs, strict=True):
            yield MemoLetter(
                number=letter.position,
                # The same letter made anew is the same message: Digital Post takes it once.
                message_id=uuid.uuid5(uuid.NAMESPACE_OID, f"opsoeg:letter:{letter.pk}"),
                sender_cvr=sender.cvr,
                sender_name=sender.name,
                recipient_cpr=number,
                title=sheet.title,
                language=sheet.language,
                created_at=now,
                pdf=pdf,
            )
        _tell(batch, len(pdfs))


def _tell(batch: LetterBatch, made: int) -> None:
    LetterBatch.objects.filter(pk=batch.pk, state=BatchState.MAKING).update(
        letters_made=F("letters_made") + made, leased_until=timezone.now() + LEASE
    )


@transaction.atomic
def _finish(batch: LetterBatch, stored: dict[str, str], made: int, now: datetime) -> bool:
    locked = LetterBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != BatchState.MAKING:
        return False
    locked.paper_file, locked.digital_file = stored["paper_file"], stored["digital_file"]
    locked.letters_made, locked.leased_until, locked.error_code = made, None, ""
    locked.save(update_fields=["paper_file", "digital_file", "letters_made", "leased_until", "error_code"])
    change_state(locked, BatchState.READY, by_name="", now=now)
    return True


@transaction.atomic
def _fail(batch_id: int, code: str, note: str, now: datetime) -> None:
    locked = LetterBatch.objects.select_for_update().get(pk=batch_id)
    if locked.state == BatchState.MAKING:
        LetterBatch.objects.filter(pk=batch_id).update(error_code=code, leased_until=None)
        change_state(locked, BatchState.FAILED, by_name="", now=now, note=note[:200])

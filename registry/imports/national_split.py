"""Split a national file into one list per municipality, each reviewed and committed on its own (L8b).

All lists come into being in one transaction, or none; killed anywhere, the file is where it was and is split again.
The raw file has served its purpose then and is erased at once: each list keeps its own part for its own period.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.errors import UserError

from ..models import Municipality, NationalFile, NationalFileState, NonresponderList
from ..services.file_kinds import FileKind
from ..services.lists import receive_list
from ..services.lists.receiving import FOLDER as LIST_FOLDER
from ..services.national_files import FOLDER
from ..services.national_gates import reasons_to_hold
from ..services.received_files import remove, stored_path
from .child import ReaderKilled, reading, refused
from .columns import SSI_LIST
from .national_parts import Parts, write_parts

JOB = "national-split"
MOST_ATTEMPTS = 3
# Longer than reading and sharing out two million rows takes; a dead worker's file waits no longer than this.
LEASE = timedelta(minutes=10)
# The same bytes are in use in that municipality already: its list stands, and nothing is made twice (IP01).
IN_USE = ("same_file", "same_file_in_progress")

log = structlog.get_logger(__name__)


def split(file_id: int, *, now: datetime) -> NationalFile:
    """Take the file to `split`, `held` or `failed`. Idempotent; one that another worker holds is left alone."""
    if not _claim(file_id):
        return NationalFile.objects.get(pk=file_id)
    current = NationalFile.objects.select_related("programme").get(pk=file_id)
    folder = Path(settings.UPLOAD_ROOT) / FOLDER / f"{uuid.uuid4().hex}.parts"
    try:
        if current.attempts > MOST_ATTEMPTS:  # F09: three workers died of it, without a word
            raise ReaderKilled
        folder.mkdir(mode=0o700, parents=True)
        parts = _read(current, folder)
        _finish(current, parts, now)
    except UserError as error:
        _fail(current, error, now)
    except ReaderKilled:
        _give_up(current, ReaderKilled())
    except Exception as error:
        _give_up(current, error)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        NationalFile.objects.filter(pk=file_id).update(leased_until=None)
    return NationalFile.objects.get(pk=file_id)


def waiting_file_ids() -> list[int]:
    """Files that nobody works on, oldest first."""
    waiting = NationalFile.objects.filter(_free(), state=NationalFileState.RECEIVED)
    return list(waiting.order_by("received_at", "id").values_list("pk", flat=True))


def list_ids(national_file: NationalFile) -> list[int]:
    """The lists made of the file, by municipality."""
    lists = NonresponderList.objects.filter(national_file=national_file).order_by("municipality_id", "id")
    return list(lists.values_list("pk", flat=True))


def _free() -> Q:
    # Real time, as all leases: a demo's clock may stand still.
    return Q(leased_until=None) | Q(leased_until__lt=timezone.now())


def _claim(file_id: int) -> bool:
    waiting = NationalFile.objects.filter(_free(), pk=file_id, state=NationalFileState.RECEIVED)
    return bool(waiting.update(leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1))


def _read(current: NationalFile, folder: Path) -> Parts:
    path = stored_path(FOLDER, current.stored_name)
    kind = FileKind(path.suffix.lstrip("."))
    known = dict(Municipality.objects.values_list("code", "name"))
    with reading(path, kind=kind, specification="list", mapping={}) as file:
        title = next(column.title for column in SSI_LIST if column.name == "municipality")
        missing = [*file.header.missing, *([] if "municipality" in file.header.mapping else [title])]
        if missing:
            raise refused("no_header", {"missing": missing})
        return write_parts(file, folder, known=known, served=frozenset(served_municipality_codes()))


def _finish(current: NationalFile, parts: Parts, now: datetime) -> None:
    """Hold the file, or make its lists: one transaction."""
    served = dict(Municipality.objects.filter(code__in=served_municipality_codes()).values_list("code", "name"))
    held = [] if current.confirmed_because else reasons_to_hold(parts.shares, _previous_shares(current), served)
    stored: list[str] = []
    try:
        with job_context(JOB, served) as by:
            if not held:
                _make_lists(current, parts, by, now, stored)
            moved = NationalFile.objects.filter(pk=current.pk, state=NationalFileState.RECEIVED).update(
                state=NationalFileState.HELD if held else NationalFileState.SPLIT,
                held_because=held,
                rows=parts.shares.rows,
                shares={str(code): rows for code, rows in sorted(parts.placed.items())},
                not_served={str(code): rows for code, rows in sorted(parts.not_served.items())},
                unplaced_rows=parts.unplaced_rows,
                unplaced=parts.unplaced,
                split_at=None if held else now,
                file_erased_at=None if held else now,
            )
            if not moved:
                raise _TakenAway
    except BaseException as error:
        for name in stored:
            remove(LIST_FOLDER, name)
        if isinstance(error, _TakenAway):
            return
        raise
    if not held:
        remove(FOLDER, current.stored_name)


class _TakenAway(Exception):
    """Somebody withdrew the file meanwhile: nothing is written."""


def _make_lists(current: NationalFile, parts: Parts, by: Actor, now: datetime, stored: list[str]) -> None:
    """One list per municipality with rows; the names of the files stored for them are added to `stored`."""
    stem, _dot, _suffix = current.display_name.rpartition(".")
    for code, path in sorted(parts.paths.items()):
        with path.open("rb") as file, _unless_in_use():
            created = receive_list(
                by=by,
                municipality=Municipality.objects.get(pk=code),
                programme=current.programme,
                as_of=current.as_of,
                waiting_days=current.waiting_days,
                groups=current.groups_stated,
                order=None,
                file=file,
                display_name=f"{stem or current.display_name} – {code:04d}.csv",
                now=now,
            )
            stored.append(created.stored_name)
            created.national_file = current
            created.save(update_fields=["national_file"])


@contextmanager
def _unless_in_use() -> Iterator[None]:
    """Pass over a municipality whose list of the same bytes is in use."""
    try:
        yield
    except UserError as error:
        if error.code not in IN_USE:
            raise


def _previous_shares(current: NationalFile) -> dict[int, int] | None:
    """How the last split file of the programme fell, if it is not younger than this one."""
    previous = (
        NationalFile.objects.filter(
            programme=current.programme, state=NationalFileState.SPLIT, as_of__lte=current.as_of
        )
        .order_by("-as_of", "-id")
        .first()
    )
    if previous is None:
        return None
    return {int(code): rows for code, rows in {**previous.shares, **previous.not_served}.items()}


def _fail(current: NationalFile, error: UserError, now: datetime) -> None:
    """What the operator must mend; the raw file is of no use any more."""
    failed = NationalFile.objects.filter(pk=current.pk, state=NationalFileState.RECEIVED).update(
        state=NationalFileState.FAILED, error_code=error.code, error_message=error.message, file_erased_at=now
    )
    if failed:
        remove(FOLDER, current.stored_name)


def _give_up(current: NationalFile, error: Exception) -> None:
    """F08, F09: after three attempts the file is failed with an id that the log knows; it is kept to be looked at."""
    current.refresh_from_db()
    name = type(error).__name__
    if current.attempts < MOST_ATTEMPTS:
        log.warning("national_split_interrupted", file_id=current.pk, attempt=current.attempts, error=name)
        return
    error_id = uuid.uuid4().hex[:8]
    log.error("national_split_failed", file_id=current.pk, error_id=error_id, error=name)
    sentence = _("Filen kunne ikke deles på grund af en fejl hos os (fejl-id %(id)s). Kontakt driften.")
    NationalFile.objects.filter(pk=current.pk, state=NationalFileState.RECEIVED).update(
        state=NationalFileState.FAILED, error_code="fault", error_message=sentence % {"id": error_id}
    )

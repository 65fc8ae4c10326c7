"""The drop folder: one folder per municipality, `ind`, `behandlet` and `afvist` in each (L1).

A file that has stopped changing is received like any other list and then moved in one step. Which dropped file a list
came from stands on the list under a unique constraint: killed between receiving and moving, or with two workers at
once, a file is one list. Nothing is followed out of the folder: no links, no paths, no special files.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.errors import UserError

from ..models import ListChannel, Municipality, NonresponderList
from ..services.dropped_files import DONE, INCOMING, REFUSED, kept_name, subfolder
from ..services.list_statements import resolve
from ..services.lists import receive_list
from ..services.lists.receiving import FOLDER
from ..services.received_files import remove
from .stated_names import SIDECAR, SIDECAR_BYTES, Statement, from_name, from_sidecar

# Names that programs give to what they are still writing, or use as locks.
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
IGNORED_PREFIXES = (".", "~$")

log = structlog.get_logger(__name__)


@dataclass
class Collected:
    """What one pass did: lists received, codes of refusals, files that still change, files that met a fault."""

    list_ids: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: int = 0
    faults: int = 0


def collect(code: int, *, now: datetime, real_now: float) -> Collected:
    """Take in what lies in a municipality's `ind`. `now`: the installation's time; `real_now`: seconds since 1970.

    Opens its own contexts, one per file. After a fault (database gone, disk full) a file stays where it is, and the
    others are taken all the same.
    """
    collected = Collected()
    try:
        with subfolder(code, INCOMING) as incoming:
            names = frozenset(os.listdir(incoming))
            for name in sorted(names):
                if not _passed_over(name, names):
                    _meet(_Dropped(code, incoming, name, has_facts=name + SIDECAR in names), now, real_now, collected)
    except OSError as error:
        collected.faults += 1
        log.error("drop_folder_fault", municipality=code, error=type(error).__name__)
    return collected


@dataclass(frozen=True)
class _Dropped:
    """One file in `ind`: the folder's descriptor, its name there, and whether a file of facts lies beside it."""

    code: int
    incoming: int
    name: str
    has_facts: bool

    @property
    def names(self) -> list[str]:
        """The file and what goes with it."""
        return [self.name, *([self.name + SIDECAR] if self.has_facts else [])]


def _meet(dropped: _Dropped, now: datetime, real_now: float, collected: Collected) -> None:
    try:
        if all(_quiet(dropped.incoming, each, real_now) for each in dropped.names):
            _take(dropped, now, collected)
        else:
            collected.waiting += 1
    except FileNotFoundError:
        return  # another worker was first
    except _StillChanging:
        collected.waiting += 1
    except Exception as error:
        collected.faults += 1
        # No name: it may hold anything.
        log.error("dropped_file_fault", municipality=dropped.code, error=type(error).__name__)


def _take(dropped: _Dropped, now: datetime, collected: Collected) -> None:
    # Shown on pages and in the log as who handed the list in.
    actor = system_actor(_("Afleveringsmappen"), [dropped.code])
    try:
        list_id, is_new = _receive(dropped, now, actor)
    except UserError as refusal:
        _refuse(dropped, refusal, now)
        collected.refused.append(refusal.code)
        return
    if list_id is None:
        return
    if is_new:
        collected.list_ids.append(list_id)
    _move(dropped, DONE, kept_name(dropped.name, now, f"liste{list_id}_"))


def _receive(dropped: _Dropped, now: datetime, actor: Actor) -> tuple[int | None, bool]:
    """The list's number and whether it is new; no number when another worker has the file. Raises UserError."""
    with _opened(dropped.incoming, dropped.name) as (descriptor, facts), data_context(actor) as by:
        if not _locked(dropped.code, facts):
            return None, False
        key = _source_key(facts)
        known = NonresponderList.objects.filter(municipality_id=dropped.code, source_key=key).first()
        if known is not None:
            # Received before, and the worker died before it could move the file.
            return known.pk, False
        municipality = Municipality.objects.get(pk=dropped.code)
        stated = resolve(_statement(dropped), municipality)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            received = receive_list(
                by=by,
                municipality=municipality,
                file=file,
                display_name=dropped.name,
                now=now,
                channel=ListChannel.FOLDER,
                source_key=key,
                **stated,
            )
        if _source_key(os.fstat(descriptor)) != key:
            remove(FOLDER, received.stored_name)
            raise _StillChanging
        return received.pk, True


class _StillChanging(Exception):
    """The file was written to while it was read: nothing of it is kept, and it is met again at the next pass."""


@contextmanager
def _opened(incoming: int, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """The file for reading: only an ordinary one, of a size that may be, whose name is the only one it has."""
    try:
        # NONBLOCK: a pipe without a writer would hold the worker for ever.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=incoming)
    except PermissionError as error:
        raise UserError("not_readable", _("Filen må ikke læses af systemet. Ret filens rettigheder.")) from error
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR):
            raise _not_a_file() from error
        raise
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise _not_a_file()
        if facts.st_size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // 1024**2
            raise UserError(
                "file_too_big", _("Filen er større end %(limit)s MB. Del listen i flere filer.") % {"limit": limit}
            )
        yield descriptor, facts
    finally:
        os.close(descriptor)


def _not_a_file() -> UserError:
    return UserError(
        "not_a_file",
        _("Kun almindelige filer kan indlæses, ikke mapper, genveje eller links. Læg selve filen i »ind«."),
    )


def _statement(dropped: _Dropped) -> Statement:
    if not dropped.has_facts:
        return from_name(dropped.name)
    with _opened(dropped.incoming, dropped.name + SIDECAR) as (descriptor, _facts):
        content = os.read(descriptor, SIDECAR_BYTES + 1)
    return from_sidecar(content if len(content) <= SIDECAR_BYTES else b"")


def _passed_over(name: str, names: frozenset[str]) -> bool:
    """Hidden and unfinished files, and facts beside a file, which go with it."""
    if name.startswith(IGNORED_PREFIXES) or name.lower().endswith(UNFINISHED):
        return True
    return name.endswith(SIDECAR) and name.removesuffix(SIDECAR) in names


def _quiet(incoming: int, name: str, real_now: float) -> bool:
    """Nothing has touched it for a while. The time of change counts too: programs set the time of writing back."""
    facts = os.stat(name, dir_fd=incoming, follow_symlinks=False)
    return bool(real_now - max(facts.st_mtime, facts.st_ctime) >= settings.DROP_FOLDER_QUIET_SECONDS)


def _source_key(facts: os.stat_result) -> str:
    """Which dropped file it is. The time of change goes with it: moved back to `ind` on purpose, it is another."""
    return f"{facts.st_dev}:{facts.st_ino}:{facts.st_ctime_ns}:{facts.st_size}"


def _locked(code: int, facts: os.stat_result) -> bool:
    """Until the transaction ends, no other worker takes this file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"dropped-file {code} {facts.st_ino}"]
        )
        return bool(cursor.fetchone()[0])


def _refuse(dropped: _Dropped, refusal: UserError, now: datetime) -> None:
    """To `afvist`, with the sentence beside it; the sentence first, so that no file lies there unexplained."""
    kept = kept_name(dropped.name, now)
    with subfolder(dropped.code, REFUSED) as refused:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(f"{kept}.txt", flags, 0o660, dir_fd=refused), "w", encoding="utf-8") as file:
            file.write(refusal.message + "\n")
    _move(dropped, REFUSED, kept)
    log.info("dropped_file_refused", municipality=dropped.code, code=refusal.code)


def _move(dropped: _Dropped, to: str, kept: str) -> None:
    """One step within the same file system; a file of facts follows its file. A file that is gone is fine."""
    with subfolder(dropped.code, to) as target:
        for source in dropped.names:
            with suppress(FileNotFoundError):
                goal = kept + source.removeprefix(dropped.name)
                os.rename(source, goal, src_dir_fd=dropped.incoming, dst_dir_fd=target)

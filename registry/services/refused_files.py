"""What lies in a municipality's `afvist`: which dropped files were refused, when and why, until somebody removes them.

A name may hold anything, so no address, log or form carries one: a token stands for it, and numbers in it are masked.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.privacy.redaction import redact_cpr

from .dropped_files import REFUSED, STAMP, STAMP_FORMAT, erase_aside, municipality_folder, subfolder
from .received_files import safe_name
from .scope import require_municipality

SENTENCE, FACTS = ".txt", ".json"
LONGEST_SENTENCE = 2000  # bytes
FILES_SHOWN = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RefusedFile:
    """One refused file: what stands for it in a form, its name fit to be shown, when it was refused, and why."""

    token: str
    name: str
    at: datetime
    sentence: str


def count_refused(code: int) -> int:
    """How many files lie refused in the municipality's folder."""
    return len(_files(_names(code)))


def refused_files(code: int) -> list[RefusedFile]:
    """The refused files, newest first, at most FILES_SHOWN."""
    names = _files(_names(code))
    if not names:
        return []
    with subfolder(code, REFUSED) as descriptor:
        moments = {name: _moment(descriptor, name) for name in names}
        newest = sorted(names, key=lambda name: (moments[name], name), reverse=True)[:FILES_SHOWN]
        return [RefusedFile(_token(name), _shown(name), moments[name], _sentence(descriptor, name)) for name in newest]


@transaction.atomic
def erase_refused(*, by: Actor, code: int, token: str, now: datetime) -> str | None:
    """Erase one refused file with its sentence and its facts; its name as shown, or None when it is gone."""
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, code)
    name = next((each for each in _files(_names(code)) if _token(each) == token), None)
    if name is None:
        return None
    record(
        by=by,
        action=Action.DELETE,
        subject_kind="dropped_file",
        subject_id="",
        municipality_id=code,
        purpose=_("Afvist fil fjernet"),
        at=now,
    )
    for each in (name, name + FACTS, name + SENTENCE):
        erase_aside(code, REFUSED, each)
    return _shown(name)


def lone_sentences(code: int, real_before: datetime) -> list[str]:
    """Names of sentences without their file, laid there up to then: their worker died before it could move it (L6).

    The file itself is still in `ind`, and was refused once more.
    """
    names = _lone(_names(code))
    if not names:
        return []
    with subfolder(code, REFUSED) as descriptor:
        return [name for name in names if _changed(descriptor, name) <= real_before.timestamp()]


def _names(code: int) -> list[str]:
    """What lies in the folder, which is not made by looking; nothing when it cannot be read."""
    if not (municipality_folder(code) / REFUSED).is_dir():
        return []
    try:
        with subfolder(code, REFUSED) as descriptor:
            return os.listdir(descriptor)
    except OSError as error:
        log.error("drop_folder_fault", municipality=code, error=type(error).__name__)
        return []


def _files(names: list[str]) -> list[str]:
    """The files themselves: not what goes with them, nor what is left of one."""
    companions = {each for name in names for each in (name + FACTS, name + SENTENCE)} | set(_lone(names))
    return [name for name in names if name not in companions]


def _lone(names: list[str]) -> list[str]:
    """Sentences of ours whose file is not there."""
    present = set(names)
    ours = (name for name in names if STAMP.match(name) and name.endswith(SENTENCE))
    return sorted(name for name in ours if name.removesuffix(SENTENCE) not in present)


def _moment(descriptor: int, name: str) -> datetime:
    if match := STAMP.match(name):
        return datetime.strptime(match[1], STAMP_FORMAT).replace(tzinfo=UTC)
    return datetime.fromtimestamp(_changed(descriptor, name), tz=UTC)


def _changed(descriptor: int, name: str) -> float:
    """When it was last changed by the computer's clock; long ago for what is gone."""
    try:
        return os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return 0.0


def _sentence(descriptor: int, name: str) -> str:
    try:
        file = os.open(name + SENTENCE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=descriptor)
    except OSError:
        return _("Nogen har lagt filen her uden en forklaring. Læg den i »ind«, hvis den skal indlæses.")
    with os.fdopen(file, "rb") as opened:
        text = opened.read(LONGEST_SENTENCE).decode(errors="replace")
    return redact_cpr(text.strip())


def _shown(name: str) -> str:
    return safe_name(STAMP.sub("", name, count=1))


def _token(name: str) -> str:
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32]

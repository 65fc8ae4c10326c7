"""Where dropped files lie: `<drop folder>/<municipality code>/{ind,behandlet,afvist}`; links are never followed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

INCOMING, DONE, REFUSED = "ind", "behandlet", "afvist"
# Whoever shares the folder's group may put files in; nobody else sees them.
FOLDER_MODE = 0o770
STAMP = re.compile(r"(\d{8}T\d{6})Z-[0-9a-f]{4}_")
STAMP_FORMAT = "%Y%m%dT%H%M%S"
LONGEST_NAME = 180  # bytes; 255 is what file systems take, and a stamp and ".json" come to it


def municipality_folder(code: int) -> Path:
    """`<drop folder>/0183`."""
    return Path(settings.DROP_FOLDER) / f"{code:04d}"


@contextmanager
def subfolder(code: int, name: str) -> Iterator[int]:
    """A descriptor of one of the municipality's folders, made when it is missing. Raises OSError when it is a link."""
    own = municipality_folder(code)
    own.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(own, FOLDER_MODE)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    parent = os.open(own, flags)
    try:
        with suppress(FileExistsError):
            os.mkdir(name, FOLDER_MODE, dir_fd=parent)
        descriptor = os.open(name, flags, dir_fd=parent)
    finally:
        os.close(parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def kept_name(name: str, now: datetime, prefix: str = "") -> str:
    """The name under which a file is put aside: when, a random part so that none is overwritten, and its own name."""
    encoded = os.fsencode(name)
    fitting = encoded if len(encoded) <= LONGEST_NAME else encoded[: LONGEST_NAME - 20] + encoded[-20:]
    stamp = now.astimezone(UTC).strftime(STAMP_FORMAT)
    return f"{stamp}Z-{secrets.token_hex(2)}_{prefix}{os.fsdecode(fitting)}"


def put_aside_before(code: int, before: datetime, real_before: datetime) -> list[tuple[str, str]]:
    """(folder, name) of what was put aside up to `before`; what others laid there goes by its own time, `real_before`.

    Two times, because a file's own is the computer's, and the installation's clock may be a demo's.
    """
    if not municipality_folder(code).is_dir():
        return []
    found = []
    for folder in (DONE, REFUSED):
        with subfolder(code, folder) as descriptor:
            for name in sorted(os.listdir(descriptor)):
                if match := STAMP.match(name):
                    old = datetime.strptime(match[1], STAMP_FORMAT).replace(tzinfo=UTC) <= before
                else:
                    facts = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                    old = facts.st_mtime <= real_before.timestamp()
                if old:
                    found.append((folder, name))
    return found


def erase_aside(code: int, folder: str, name: str) -> None:
    """Erase one of them for good, folders with all they hold; links are erased, never followed."""
    with subfolder(code, folder) as descriptor, suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
            shutil.rmtree(name, dir_fd=descriptor)
        else:
            os.unlink(name, dir_fd=descriptor)

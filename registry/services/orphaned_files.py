"""Received files that no row knows: a worker was killed between writing a file and its row, or while it worked (L6)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from ..models import CitizenImport, NationalFile, NonresponderList
from . import citizen_imports, national_files, reference_data
from .lists import receiving

# A file is written before its row; after a day no row will come, and no work on it still runs.
ORPHAN_AGE = timedelta(days=1)
Known = Callable[[list[str]], set[str]]


def orphans(real_now: datetime) -> list[Path]:
    """What lies in the folders of lists, national files, citizen files and reference data without a row, a day old."""
    return [path for folder, known in _FOLDERS.items() for path in unknown_files(folder, known, real_now)]


def unknown_files(folder: str, known: Known, real_now: datetime) -> list[Path]:
    """Files and folders in UPLOAD_ROOT/<folder>, a day old by the computer's clock, whose names `known` leaves out."""
    place = Path(settings.UPLOAD_ROOT) / folder
    if not place.is_dir():
        return []
    before = (real_now - ORPHAN_AGE).timestamp()
    old = [path for path in sorted(place.iterdir()) if path.lstat().st_mtime <= before]
    names = known([path.name for path in old])
    return [path for path in old if path.name not in names]


def erase_path(path: Path) -> None:
    """Erase a file, or a folder with all it holds; a link is erased, never followed. One that is gone is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _of_lists(names: list[str]) -> set[str]:
    kept = NonresponderList.objects.filter(stored_name__in=names, file_erased_at=None)
    return set(kept.values_list("stored_name", flat=True))


def _of_national_files(names: list[str]) -> set[str]:
    kept = NationalFile.objects.filter(stored_name__in=names, file_erased_at=None)
    return set(kept.values_list("stored_name", flat=True))


def _of_citizen_files(names: list[str]) -> set[str]:
    return set(CitizenImport.objects.filter(stored_name__in=names).values_list("stored_name", flat=True))


def _of_nobody(names: list[str]) -> set[str]:
    """A file of reference data has no row: it waits for its confirmation, for hours."""
    return set()


_FOLDERS: dict[str, Known] = {
    receiving.FOLDER: _of_lists,
    national_files.FOLDER: _of_national_files,
    citizen_imports.FOLDER: _of_citizen_files,
    reference_data.FOLDER: _of_nobody,
}

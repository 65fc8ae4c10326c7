"""An uptake file on disk as rows of text: a spreadsheet's first sheet that holds a header, or a CSV file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from outreach.errors import UserError
from registry.services.file_kinds import open_zip

from .tables import csv_rows

MAXIMUM_BYTES = 20 * 1024**2  # the country by parish, group and age is under 5 MB
MAXIMUM_UNPACKED_BYTES = 200 * 1024**2
READING_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def file_rows(path: Path, is_header: Callable[[Sequence[str]], bool]) -> list[list[str]]:
    """The rows of a CSV or spreadsheet file. Raises UserError: empty, too large, or not to be opened."""
    size = path.stat().st_size
    if size == 0:
        raise UserError("empty_file", _("Filen er tom. Hent den igen fra afsenderen."))
    if size > MAXIMUM_BYTES:
        raise UserError(
            "file_too_large", _("Filen fylder over 20 MB. Så stor er ingen tilslutningsfil; er det den rigtige?")
        )
    content = path.read_bytes()
    if content.startswith(_ZIP):
        _refuse_bomb(path)
    if not content.startswith((_ZIP, _OLE)):
        return csv_rows(content, is_header)
    sheets = _sheets(path)
    with_header = (rows for rows in sheets if any(is_header(row) for row in rows[:20]))
    return next(with_header, sheets[0] if sheets else [])


def _sheets(path: Path) -> list[list[list[str]]]:
    """Every sheet's rows, read by a child that may die of the file."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "reports.uptake_files.spreadsheet_child", str(path)],
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
            timeout=READING_SECONDS,
        )
        return json.loads(child.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        raise _unreadable() from None


def _refuse_bomb(path: Path) -> None:
    try:
        with open_zip(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise _unreadable() from None
    if unpacked > MAXIMUM_UNPACKED_BYTES:
        raise UserError("file_too_large", _("Regnearket er for stort, når det pakkes ud. Gem kun tallene i en ny fil."))


def _unreadable() -> UserError:
    return UserError(
        "bad_spreadsheet", _("Regnearket kan ikke åbnes. Gem det igen i dit regnearksprogram, eller gem det som CSV.")
    )

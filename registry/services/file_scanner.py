"""Let an installed scanner look at a received file (IF35). We never play scanner ourselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from outreach.errors import UserError

INFECTED = 1  # what clamdscan and its like exit with
PATIENCE_SECONDS = 120

log = structlog.get_logger(__name__)


def scan(path: Path) -> None:
    """Run UPLOAD_SCANNER, a command with arguments, on the file; nothing where none is set (docs/operations.md).

    Raises UserError `file_infected`, and `scanner_failed` when the scanner gives no answer: unseen is not clean.
    """
    if not settings.UPLOAD_SCANNER:
        return
    try:
        answer = subprocess.run(
            [*settings.UPLOAD_SCANNER, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            check=False,
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("scanner_failed", error=type(error).__name__)
        answer = None
    if answer == INFECTED:
        raise UserError("file_infected", _("Virusscanneren afviste filen. Kontakt driften, og hent listen igen."))
    if answer != 0:
        raise UserError("scanner_failed", _("Filen kunne ikke undersøges for virus. Prøv igen, eller kontakt driften."))

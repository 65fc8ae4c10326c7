"""Start the reading child and take its chunks: bounded in memory, processor time and patience; its death is told apart.

A hostile file kills the child, never the worker (F05); a child that somebody killed is read again (F04).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outreach.errors import UserError

from ..services.file_kinds import FileKind
from .cpr_extract_texts import refusal_sentences

MEMORY_BYTES = 1200 * 1024**2
CPU_SECONDS = 300
PATIENCE_SECONDS = 600  # wall clock, COPY on the other end of the pipe included
# Rows an XLSX sheet can hold at all; a text file is bounded by the setting.
SHEET_ROWS = 1_048_576


# What is wrong with a file as a whole, and what to do.
SENTENCES = {
    "password": _("Filen er beskyttet med adgangskode. Gem den uden adgangskode, og indlæs den igen."),
    "merged_header": _("Overskriften har flettede celler (%(cells)s). Ophæv fletningen, og gem filen igen."),
    "duplicate_header": _("Overskriften har samme kolonne flere gange: %(names)s. Fjern den ene."),
    "no_header": _(
        "Filen er ikke en liste, vi kan læse: overskriften mangler kolonnerne %(names)s. "
        "Ret overskriften i filen, eller hent listen igen."
    ),
    "encoding": _("Filens tegnsæt kan ikke læses. Gem den som CSV UTF-8, og indlæs den igen."),
    "encoding_mixed": _("Filen blander to tegnsæt (linje %(line)s). Gem den som CSV UTF-8, og indlæs den igen."),
    "not_text": _("Filen indeholder tegn, der ikke er tekst (linje %(line)s). Hent listen igen."),
    "long_line": _("Linje %(line)s er alt for lang til at være en række. Hent listen igen."),
    "quotes": _("Anførselstegnene i filen passer ikke sammen (linje %(line)s). Ret linjen."),
    "truncated": _("Filen er ikke hel: sidste række er ufuldstændig. Hent listen igen."),
    "broken_file": _("Filen er ikke hel eller er beskadiget. Hent listen igen, eller gem den på ny i regnearket."),
    "too_many_rows": _("Filen har flere end %(limit)s rækker. Del den i flere filer."),
    "too_many_columns": _("Overskriften har flere end %(limit)s kolonner. Gem kun listens egne kolonner."),
    "too_many_sheets": _("Filen har flere end %(limit)s ark. Gem arket med listen i en fil for sig."),
    "several_lists": _("Flere ark ligner listen: %(names)s. Gem det rigtige ark i en fil for sig."),
    "hidden_sheet": _("Listen står på et skjult ark. Vis arket i regnearket, gem filen, og indlæs den igen."),
    "unsafe_xml": _("Filen er bygget på en måde, vi ikke åbner af hensyn til sikkerheden. Gem den på ny i regnearket."),
    "too_large_to_read": _("Filen er for stor at læse. Del listen i flere filer."),
    "unreadable": _("Filen kan ikke læses. Kopiér rækkerne til et nyt regneark, gem det, og indlæs det."),
}


class ReaderKilled(Exception):
    """The child was killed from outside (signal 9) before its end: nothing is wrong with the file."""


@dataclass(frozen=True)
class Header:
    """What the child found above the rows. `missing`: titles of required columns that nobody mapped; `kinds`: what
    seems to be in each column."""

    header: list[str]
    header_row: int
    mapping: dict[str, str]
    dropped: list[str]
    missing: list[str]
    kinds: list[str]


@dataclass(frozen=True)
class Chunk:
    """Some rows as columns of texts. `row_numbers`: as the spreadsheet shows them; `uneven`: too many or few cells."""

    row_numbers: list[int]
    columns: dict[str, list[str]]
    uneven: set[int]


@dataclass
class Reading:
    """A file being read: its header first, then `chunks()` once. `rows`, `blank`, `peak_bytes` are known at the end."""

    header: Header
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    rows: int = 0
    blank: int = 0
    peak_bytes: int = 0
    seconds: float = 0.0
    _timed_out: threading.Event = field(default_factory=threading.Event)

    def chunks(self) -> Iterator[Chunk]:
        """The rows. Raises UserError when the file is refused on the way, ReaderKilled when the child is killed."""
        while True:
            message = _message(self.process, self.output, self._timed_out)
            if message.get("end"):
                self.rows, self.blank = message["rows"], message["blank"]
                self.peak_bytes, self.seconds = message["peak_bytes"], message["seconds"]
                return
            yield Chunk(message["rows"], message["columns"], set(message["uneven"]))


@contextmanager
def reading(
    path: Path,
    *,
    kind: FileKind,
    specification: str,
    mapping: Mapping[str, str],
    patience_seconds: float = PATIENCE_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Iterator[Reading]:
    """Read a stored file in a child of its own; the child is gone when the block ends, however it ends.

    Raises UserError for what is wrong with the file, ReaderKilled when the child was killed.
    """
    if not path.exists():
        raise UserError("file_missing", gettext("Filen mangler i lageret. Indlæs listen igen."))
    max_rows = settings.UPLOAD_MAX_ROWS if kind == FileKind.TEXT else min(SHEET_ROWS, settings.UPLOAD_MAX_ROWS)
    job = {
        "path": str(path),
        "kind": kind,
        "specification": specification,
        "mapping": dict(mapping),
        "max_rows": max_rows,
        "memory_bytes": memory_bytes,
        "cpu_seconds": CPU_SECONDS,
    }
    process = _start()
    timed_out = threading.Event()

    def give_up() -> None:
        timed_out.set()
        process.kill()

    timer = threading.Timer(patience_seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        with suppress(BrokenPipeError):  # the child is dead already; what it died of is told below
            stdin.write(json.dumps(job).encode() + b"\n")
            stdin.close()
        first = _message(process, stdout, timed_out)
        header = Header(**{name: first[name] for name in Header.__dataclass_fields__})
        yield Reading(header, process, stdout, _timed_out=timed_out)
    finally:
        timer.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def _start() -> subprocess.Popen[bytes]:
    """The child knows no keys and no database: its environment holds a path and a language only."""
    return subprocess.Popen(
        [sys.executable, "-m", "registry.imports.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
        start_new_session=True,
    )


def _message(process: subprocess.Popen[bytes], output: IO[bytes], timed_out: threading.Event) -> dict[str, Any]:
    """The child's next line. A line that is cut off, or none, means that it died; how, its exit says."""
    line = output.readline()
    if not line.endswith(b"\n"):
        raise _death(process.wait(), timed_out)
    message: dict[str, Any] = json.loads(line)
    if "refused" in message:
        raise refused(message["refused"], message["values"])
    return message


def _death(exit_code: int, timed_out: threading.Event) -> Exception:
    if timed_out.is_set() or exit_code == -signal.SIGXCPU:
        return UserError("too_slow", gettext("Filen tager for lang tid at læse. Del listen i flere filer."))
    if exit_code == -signal.SIGKILL:
        return ReaderKilled()
    return refused("unreadable", {})


def refused(code: str, values: Mapping[str, Any]) -> UserError:
    """The Danish sentence for a refusal of the child."""
    words = {
        "names": "»" + "«, »".join(values.get("names") or values.get("missing") or []) + "«",
        "line": values.get("line"),
        "cells": values.get("cells"),
        "limit": number_format(values.get("limit") or 0, force_grouping=True),
    }
    if code in SENTENCES:
        return UserError(code, SENTENCES[code] % words)
    return UserError(code, refusal_sentences(values)[code])

"""Start the reading child of boundary files and take its parishes: bounded in memory, processor time and patience."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.translation import gettext as _

from outreach.errors import UserError

MEMORY_BYTES = 4 * 1024**3  # address space: GDAL, PROJ and the whole country at full detail
CPU_SECONDS = 300
PATIENCE_SECONDS = 600
MOST_BYTES = 1024**3
GEOPACKAGE_START = b"SQLite format 3\0"


@dataclass(frozen=True)
class ReadBoundary:
    """One parish of the file: its code, shape (well-known binary), outline (GeoJSON), area and box in degrees."""

    code: int
    shape: bytes
    outline: dict[str, Any]
    area_km2: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class ReadBoundaries:
    """A whole file: its coordinate system, its rows, how many were mended, and the codes nobody can read."""

    coordinate_system: str
    rows: int
    repaired: int
    unreadable: list[str]
    boundaries: list[ReadBoundary]


def read_boundaries(
    path: Path, *, memory_bytes: int = MEMORY_BYTES, patience: float = PATIENCE_SECONDS
) -> ReadBoundaries:
    """Read a GeoJSON or GeoPackage file with parish codes, in a child of its own.

    Raises UserError for what is wrong with the file, also when reading it takes too much memory or time.
    """
    _refuse_other_kinds(path)
    process = _start()
    timed_out = threading.Event()

    def give_up() -> None:
        timed_out.set()
        process.kill()

    timer = threading.Timer(patience, give_up)
    timer.daemon = True
    timer.start()
    try:
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        job = {"path": str(path.resolve()), "memory_bytes": memory_bytes, "cpu_seconds": CPU_SECONDS}
        with suppress(BrokenPipeError):  # dead already; what it died of is told below
            stdin.write(json.dumps(job).encode() + b"\n")
            stdin.close()
        return _taken(stdout, timed_out)
    finally:
        timer.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def _refuse_other_kinds(path: Path) -> None:
    """By content, never by name: GDAL has a hundred other drivers, some of which follow addresses in the file."""
    if path.stat().st_size > MOST_BYTES:
        raise UserError("file_too_big", _("Filen er større end 1 GB. Hent sognene alene, ikke hele DAGI."))
    with path.open("rb") as file:
        start = file.read(512)
    is_json = start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if not is_json and not start.startswith(GEOPACKAGE_START):
        raise UserError(
            "file_type", _("Filen er hverken GeoJSON eller GeoPackage. Hent sognene fra DAGI som en af de to.")
        )


def _start() -> subprocess.Popen[bytes]:
    """The child knows no keys and no database, and nothing is fetched from a net."""
    return subprocess.Popen(
        [sys.executable, "-m", "registry.imports.boundaries_reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.defpath,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
            "PROJ_NETWORK": "OFF",
            "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
            "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
            "OGR_SQLITE_LIST_ALL_TABLES": "NO",
        },
        start_new_session=True,
    )


def _taken(output: IO[bytes], timed_out: threading.Event) -> ReadBoundaries:
    header = _message(output, timed_out)["header"]
    boundaries = []
    while not (message := _message(output, timed_out)).get("end"):
        boundaries.append(
            ReadBoundary(
                code=message["code"],
                shape=bytes.fromhex(message["shape"]),
                outline=message["outline"],
                area_km2=message["area_km2"],
                box=tuple(message["box"]),
            )
        )
    return ReadBoundaries(
        header["coordinate_system"], header["rows"], header["repaired"], message["unreadable"], boundaries
    )


def _message(output: IO[bytes], timed_out: threading.Event) -> dict[str, Any]:
    """The child's next line. A line that is cut off, or none, means that it died."""
    line = output.readline()
    if not line.endswith(b"\n"):
        if timed_out.is_set():
            raise UserError("too_slow", _("Filen tager for lang tid at læse. Hent sognene alene, ikke hele DAGI."))
        raise _refused("unreadable", {})
    message: dict[str, Any] = json.loads(line)
    if "refused" in message:
        raise _refused(message["refused"], message["values"])
    return message


def _refused(code: str, values: Mapping[str, Any]) -> UserError:
    names = "»" + "«, »".join(values.get("names", [])) + "«"
    sentences = {
        "unreadable": _("Filen kan ikke læses. Hent den igen fra DAGI som GeoJSON eller GeoPackage."),
        "too_large_to_read": _("Filen er for stor at læse. Hent sognene alene, ikke hele DAGI."),
        "no_parish_layer": _("Filen har ingen sognekoder. Den har lagene %(names)s. Hent DAGI's sogneinddeling.")
        % {"names": names},
        "no_boundaries": _("Filen har ingen grænser. Hent DAGI's sogneinddeling."),
        "no_coordinate_system": _("Filen siger ikke, hvilket koordinatsystem den bruger. Hent den i EPSG:25832."),
        "other_coordinate_system": _(
            "Filens koordinatsystem er %(names)s. Hent den i EPSG:25832 (ETRS89 / UTM zone 32N) eller EPSG:4326."
        )
        % {"names": names},
        "outside_denmark": _(
            "Grænserne ligger ikke i Danmark. Filen bruger nok et andet koordinatsystem, end den siger."
        ),
    }
    return UserError(code, sentences[code])

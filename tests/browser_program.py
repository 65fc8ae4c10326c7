"""Finds a Chromium, or unpacks the one that comes as an npm package; needs no root and no system package."""

import fcntl
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import brotli

BASE_DIR = Path(__file__).resolve().parents[1]
PACKAGE = BASE_DIR / "node_modules" / "@sparticuz" / "chromium"
SYSTEM_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Libraries it needs that a server lacks, a software renderer, and fonts.
ARCHIVES = ("al2023.tar.br", "swiftshader.tar.br", "fonts.tar.br")


@dataclass(frozen=True)
class BrowserProgram:
    """A browser to start: its path and the environment it needs."""

    path: Path
    environment: dict[str, str]


# The package's own file names folders of a cloud machine.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>
"""
ARGUMENTS = ["--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]


def find_browser() -> BrowserProgram:
    """Return $CHROMIUM, the system's Chromium, or the unpacked package; FileNotFoundError says what to do."""
    for name in (os.environ.get("CHROMIUM"), *SYSTEM_PROGRAMS):
        if name and (found := shutil.which(name)):
            return BrowserProgram(Path(found), {})
    if not PACKAGE.exists():
        raise FileNotFoundError("No Chromium: run bin/test, which installs one, or set CHROMIUM to its path.")
    folder = _unpacked()
    libraries = [str(path) for path in _library_folders(folder)]
    return BrowserProgram(
        folder / "chromium",
        {
            "LD_LIBRARY_PATH": os.pathsep.join([*libraries, os.environ.get("LD_LIBRARY_PATH", "")]).strip(os.pathsep),
            "FONTCONFIG_PATH": str(folder),
        },
    )


def _library_folders(folder: Path) -> Iterator[Path]:
    yield folder
    yield from sorted({path.parent for path in folder.rglob("*.so*")} - {folder})


def _unpacked() -> Path:
    """Unpack once for each version of the package; test processes that come second wait."""
    size = (PACKAGE / "bin" / "chromium.br").stat().st_size
    parent = BASE_DIR / "node_modules" / ".cache"
    target = parent / f"chromium-{size}"
    if (target / "chromium").exists():
        return target
    parent.mkdir(exist_ok=True)
    with (parent / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (target / "chromium").exists():
            return target
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=parent))
        for archive in ARCHIVES:
            content = brotli.decompress((PACKAGE / "bin" / archive).read_bytes())
            with tarfile.open(fileobj=BytesIO(content)) as packed:
                packed.extractall(unfinished, filter="data")
        program = unfinished / "chromium"
        program.write_bytes(brotli.decompress((PACKAGE / "bin" / "chromium.br").read_bytes()))
        program.chmod(0o755)
        (unfinished / "fonts.conf").write_text(FONTS.format(folder=target), encoding="utf-8")
        unfinished.chmod(0o755)
        unfinished.rename(target)
    return target

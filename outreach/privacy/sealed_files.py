"""Files we make that hold personal data: encrypted before they touch the disk (A4)."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from outreach.privacy.keys import keyring
from outreach.privacy.sealing import NONCE_BYTES, CannotOpen


def store_sealed(folder: str, content: bytes) -> str:
    """Write `content` under UPLOAD_ROOT/<folder>/ as AES-256-GCM; return its generated name.

    Layout: key version (1 byte), nonce (12 bytes), ciphertext; bound to the folder. Whole or not at all.
    """
    ring = keyring()
    nonce = os.urandom(NONCE_BYTES)
    version = ring.encryption_version
    sealed = bytes((version,)) + nonce + ring.ciphers[version].encrypt(nonce, content, _associated(folder))
    place = Path(settings.UPLOAD_ROOT) / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    unfinished = place / f"{name}.part"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
    unfinished.rename(place / name)
    return name


def read_sealed(folder: str, name: str) -> bytes:
    """The content of a sealed file. Raises FileNotFoundError, and CannotOpen for damage or a missing key."""
    stored = (Path(settings.UPLOAD_ROOT) / folder / name).read_bytes()
    cipher = keyring().ciphers.get(stored[0]) if len(stored) > NONCE_BYTES else None
    if cipher is None:
        raise CannotOpen("unknown key version or no ciphertext")
    try:
        return cipher.decrypt(stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :], _associated(folder))
    except InvalidTag as error:
        raise CannotOpen(f"a file of {folder} does not open") from error


def erase_sealed(folder: str, name: str) -> None:
    """Erase a sealed file; one that is gone already is fine."""
    with suppress(FileNotFoundError):
        (Path(settings.UPLOAD_ROOT) / folder / name).unlink()


def _associated(folder: str) -> bytes:
    return b"file\0" + folder.encode()

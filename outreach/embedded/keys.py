"""Key material of an embedded installation: made once, kept in <data folder>/keys, never in the database."""

import base64
import os
import secrets
from pathlib import Path


def _random_key() -> str:
    """Return a first key version with 32 random bytes, as `1:<base64>`."""
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_ENCRYPTION_KEYS": _random_key,
    "BLIND_INDEX_KEYS": _random_key,
}


def read_or_make_keys(folder: Path) -> dict[str, str]:
    """Return the keys by name of environment variable; those that are missing are made, readable for the owner only.

    The caller holds a lock: two processes must not make the same key at once.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = {}
    for name, make in MAKERS.items():
        path = folder / name
        if not path.exists():
            unfinished = folder / f".{name}.unfinished"
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
        keys[name] = path.read_text(encoding="ascii").strip()
    return keys

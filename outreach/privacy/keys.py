"""The keys that seal personal data. They live in the settings, outside the database, and are never logged.

Two separate key rings: one encrypts, one makes blind indexes. The highest version is the current one; older
versions stay until nothing is sealed with them any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

KEY_BYTES = 32
HIGHEST_VERSION = 255  # the version is one byte in the ciphertext's header


@dataclass(frozen=True)
class Keyring:
    """Checked keys by version."""

    encryption: Mapping[int, bytes] = field(repr=False)
    index: Mapping[int, bytes] = field(repr=False)
    ciphers: Mapping[int, AESGCM] = field(repr=False)

    @property
    def encryption_version(self) -> int:
        """The version that new ciphertexts get."""
        return max(self.encryption)

    @property
    def index_version(self) -> int:
        """The version that new blind indexes get."""
        return max(self.index)


def _checked(setting: str) -> dict[int, bytes]:
    keys = getattr(settings, setting, None)
    if not keys:
        raise ImproperlyConfigured(f"{setting} is empty: give it as '1:<32 bytes in base64>'.")
    for version, key in keys.items():
        if not isinstance(version, int) or not 1 <= version <= HIGHEST_VERSION:
            raise ImproperlyConfigured(f"{setting}: a version is a whole number from 1 to {HIGHEST_VERSION}.")
        if not isinstance(key, bytes) or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"{setting}: key {version} is not {KEY_BYTES} bytes.")
    return dict(keys)


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The key ring from the settings.

    Raises ImproperlyConfigured when a key is missing, has the wrong length, or serves both purposes.
    """
    encryption, index = _checked("FIELD_ENCRYPTION_KEYS"), _checked("BLIND_INDEX_KEYS")
    if set(encryption.values()) & set(index.values()):
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS and BLIND_INDEX_KEYS must not share a key.")
    return Keyring(encryption, index, {version: AESGCM(key) for version, key in encryption.items()})


def _forget_keys(*, setting: str, **kwargs: Any) -> None:
    if setting in {"FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEYS"}:
        keyring.cache_clear()


setting_changed.connect(_forget_keys, dispatch_uid="privacy.forget_keys")

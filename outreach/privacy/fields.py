"""A text that is stored encrypted: notes, message bodies, relatives' numbers (A4)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from django import forms
from django.core.exceptions import FieldError
from django.db import models

from outreach.privacy.keys import keyring
from outreach.privacy.sealing import NONCE_BYTES, CannotOpen

if TYPE_CHECKING:
    TextOrNone = models.Field[Any, Any]
else:
    TextOrNone = models.Field  # generic for the type checker only


def encrypt_text(kind: str, text: str, *, version: int | None = None) -> bytes:
    """Key version (1 byte), nonce (12 bytes), AES-256-GCM bound to `kind`; the empty text is empty bytes.

    Under the current key when no `version` is given. Also for set-based writes that go round the field.
    """
    if not text:
        return b""
    ring = keyring()
    version = version or ring.encryption_version
    nonce = os.urandom(NONCE_BYTES)
    return bytes((version,)) + nonce + ring.ciphers[version].encrypt(nonce, text.encode(), _associated(kind))


def decrypt_text(kind: str, stored: bytes | memoryview) -> str:
    """The text behind `encrypt_text`. Raises CannotOpen: other kind, damage, missing or wrong key."""
    stored = bytes(stored)
    if not stored:
        return ""
    cipher = keyring().ciphers.get(stored[0])
    start = 1 + NONCE_BYTES
    if cipher is None or len(stored) < start:
        raise CannotOpen("unknown key version or no ciphertext")
    try:
        return cipher.decrypt(stored[1:start], stored[start:], _associated(kind)).decode()
    except InvalidTag as error:
        raise CannotOpen(f"a text of kind {kind} does not open") from error


def _associated(kind: str) -> bytes:
    # The prefix keeps texts apart from sealed numbers, which use the same keys.
    return b"text\0" + kind.encode()


class EncryptedTextField(TextOrNone):
    """str in Python, bytea in PostgreSQL. Cannot be searched: every lookup but `isnull` raises FieldError."""

    description = "Encrypted text"
    empty_strings_allowed = True

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        if not kind:
            raise ValueError("an encrypted field needs a kind")
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it cannot be looked up by {lookup_name}.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted: it has no {lookup_name}.")

    def from_db_value(self, value: bytes | memoryview | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt_text(self.kind, value)

    def to_python(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else str(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return connection.Database.Binary(encrypt_text(self.kind, self.to_python(value) or ""))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, "widget": forms.Textarea, **kwargs})

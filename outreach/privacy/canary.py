"""Refuses to work with a wrong, missing or unannounced key (F42).

Web and workers run the system check when they start; the canaries are written after each `migrate`. A new
encryption key needs nothing but being listed. A new index key is refused, because rows indexed with the old
one would no longer be found: re-index first.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest, digest
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import DatabaseError

from outreach.privacy.fields import decrypt_text, encrypt_text
from outreach.privacy.keys import keyring
from outreach.privacy.models import KeyCanary
from outreach.privacy.sealing import CannotOpen

CANARY_TEXT = "opsøg: kendt tekst til nøglekontrol"
CANARY_KIND = "key_canary"

ENCRYPTION, INDEX = KeyCanary.Purpose.ENCRYPTION, KeyCanary.Purpose.INDEX


class WrongKey(ImproperlyConfigured):
    """The keys in the settings are not those that the database was written with."""


def verify_keys(using: str = DEFAULT_DB_ALIAS) -> None:
    """Compares the keys with the database's canaries and writes the canaries of keys that have none yet.

    Raises WrongKey, naming each key that differs, is missing, or may not be added just so.
    """
    canaries = _stored(using)
    complaints = _complaints(canaries)
    if complaints:
        raise WrongKey(" ".join(complaints))
    new = [
        KeyCanary(purpose=purpose, version=version, proof=_proof(purpose, version))
        for purpose, version in _known_keys()
        if (purpose, version) not in canaries
    ]
    if new:
        # Several processes start at once: the first one's canary stands.
        KeyCanary.objects.using(using).bulk_create(new, ignore_conflicts=True)


def check_keys(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check privacy.E001; silent where the table does not exist yet or no database is asked for."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        if alias != DEFAULT_DB_ALIAS:
            continue
        try:
            complaints = _complaints(_stored(alias)) if _table_exists(alias) else []
        except DatabaseError:
            continue  # an unreachable database is reported by whoever uses it first
        hint = "Compare FIELD_ENCRYPTION_KEYS and BLIND_INDEX_KEYS with the ones this database was written with."
        errors += [Error(complaint, hint=hint, id="privacy.E001") for complaint in complaints]
    return errors


def verify_after_migration(*, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate; nothing to do when the table was migrated away."""
    if _table_exists(using):
        verify_keys(using)


def _table_exists(using: str) -> bool:
    return KeyCanary._meta.db_table in connections[using].introspection.table_names()


def _stored(using: str) -> dict[tuple[str, int], bytes]:
    rows = KeyCanary.objects.using(using).values_list("purpose", "version", "proof")
    return {(purpose, version): bytes(proof) for purpose, version, proof in rows}


def _known_keys() -> list[tuple[str, int]]:
    ring = keyring()
    # Of the index keys only the current one is in use; see outreach.privacy.sealing.
    return [
        *((ENCRYPTION, version) for version in ring.encryption),
        (INDEX, ring.index_version),
    ]


def _complaints(canaries: dict[tuple[str, int], bytes]) -> list[str]:
    """One sentence for each stored canary that the keys do not agree with."""
    known = _known_keys()
    sentences = []
    for (purpose, version), proof in sorted(canaries.items()):
        if purpose == INDEX and (purpose, version) not in known:
            sentences.append(f"The database is indexed with index key {version}, which is not the current one.")
        elif (purpose, version) not in known:
            sentences.append(f"The {purpose} key {version} is missing.")
        elif not _agrees(purpose, version, proof):
            sentences.append(f"The {purpose} key {version} is not the one this database was written with.")
    return sentences


def _agrees(purpose: str, version: int, proof: bytes) -> bool:
    if purpose == INDEX:
        return compare_digest(proof, _proof(purpose, version))
    try:
        return proof[:1] == bytes((version,)) and decrypt_text(CANARY_KIND, proof) == CANARY_TEXT
    except CannotOpen:
        return False


def _proof(purpose: str, version: int) -> bytes:
    if purpose == INDEX:
        return digest(keyring().index[version], b"canary\0" + CANARY_TEXT.encode(), "sha256")
    return encrypt_text(CANARY_KIND, CANARY_TEXT, version=version)

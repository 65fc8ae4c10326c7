"""Seals CPR and phone numbers: AES-256-GCM for the value, HMAC-SHA-256 as its blind index (A4).

Layout of a ciphertext: encryption-key version (1 byte), index-key version (1 byte), nonce (12 bytes),
then what AES-GCM gives. Its associated data are kind, index-key version and blind index, so that
set-based SQL may move a ciphertext together with its index from a list row to a citizen, but a ciphertext set
beside another person's index does not open.

A blind index is the full 32 bytes of the HMAC and carries no version byte: equality in SQL is all it is for.
All rows of a database are therefore indexed with one index key, the highest; a new index key means
re-indexing every row before the application starts with it (else `outreach.privacy.canary` refuses).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from struct import iter_unpack
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from outreach.privacy.keys import keyring

KINDS: Final = frozenset({"cpr", "phone"})
HEADER_BYTES: Final = 2
NONCE_BYTES: Final = 12


class CannotOpen(Exception):
    """The ciphertext is damaged, belongs to another index or kind, or its key is not in the settings."""


@dataclass(frozen=True)
class Sealed:
    """A value as it is stored: its ciphertext and its blind index."""

    ciphertext: bytes
    index: bytes


def _prefix(kind: str) -> bytes:
    """The kind as bytes, closed by a zero so that no kind is the beginning of another."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    return kind.encode("ascii") + b"\0"


def blind_index(kind: str, canonical: str) -> bytes:
    """The 32 bytes by which `canonical` is found again: HMAC-SHA-256 of kind and value with the index key.

    `canonical` is what `registry.cpr.parse` or `outreach.messaging.numbers.normalise` gives.
    """
    return _blind_indexes(kind, [canonical.encode()])[0]


def _blind_indexes(kind: str, encoded: Sequence[bytes]) -> list[bytes]:
    ring = keyring()
    keyed = HMAC(ring.index[ring.index_version], SHA256())
    keyed.update(_prefix(kind))
    indexes = []
    for value in encoded:
        # Copying the keyed state costs 0.6 µs; keying anew for each value 1.6 µs.
        own = keyed.copy()
        own.update(value)
        indexes.append(own.finalize())
    return indexes


def seal(kind: str, canonical: str) -> Sealed:
    """Ciphertext (under the current key and a random nonce) and blind index of one value."""
    ciphertexts, indexes = seal_many(kind, [canonical])
    return Sealed(ciphertexts[0], indexes[0])


def seal_many(kind: str, values: Sequence[str]) -> tuple[list[bytes], list[bytes]]:
    """Ciphertexts and blind indexes of a column, in its order.

    One block of randomness and one cipher serve the whole column: 1 M values take about 2 s.
    """
    ring = keyring()
    header = bytes((ring.encryption_version, ring.index_version))
    bound = _prefix(kind) + header[1:]
    encrypt = ring.ciphers[ring.encryption_version].encrypt
    encoded = [value.encode() for value in values]
    indexes = _blind_indexes(kind, encoded)
    nonces = iter_unpack(f"{NONCE_BYTES}s", os.urandom(NONCE_BYTES * len(encoded)))
    ciphertexts = [
        header + nonce + encrypt(nonce, value, bound + index)
        for (nonce,), value, index in zip(nonces, encoded, indexes, strict=True)
    ]
    return ciphertexts, indexes


def unseal(kind: str, ciphertext: bytes | memoryview, index: bytes | memoryview) -> str:
    """The value that was sealed as `kind` with this index.

    Raises CannotOpen when the two do not belong together, or the key is missing or wrong.
    """
    ciphertext, index = bytes(ciphertext), bytes(index)
    start = HEADER_BYTES + NONCE_BYTES
    cipher = keyring().ciphers.get(ciphertext[0]) if len(ciphertext) > start else None
    if cipher is None:
        raise CannotOpen("unknown key version or no ciphertext")
    bound = _prefix(kind) + ciphertext[1:HEADER_BYTES] + index
    try:
        return cipher.decrypt(ciphertext[HEADER_BYTES:start], ciphertext[start:], bound).decode()
    except InvalidTag as error:
        raise CannotOpen(f"a {kind} does not open with its index") from error

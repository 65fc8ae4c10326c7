import base64
import hashlib
import hmac

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from outreach.privacy.keys import keyring
from outreach.privacy.sealing import (
    CannotOpen,
    Sealed,
    blind_index,
    seal,
    seal_many,
    unseal,
)

CPR, OTHER, PHONE = "7101391234", "7201391234", "+4520123456"
OLD, NEW, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))


@pytest.fixture(autouse=True)
def keys(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = {1: OLD}, {1: INDEX}


@given(st.sampled_from(["cpr", "phone"]), st.text())
def test_unseal_gives_back_what_was_sealed(kind: str, value: str) -> None:
    sealed = seal(kind, value)
    assert unseal(kind, sealed.ciphertext, sealed.index) == value
    assert unseal(kind, memoryview(sealed.ciphertext), memoryview(sealed.index)) == value


@given(st.sampled_from(["cpr", "phone"]), st.lists(st.text(), max_size=20))
def test_seal_many_is_seal_for_each(kind: str, values: list[str]) -> None:
    ciphertexts, indexes = seal_many(kind, values)
    assert indexes == [blind_index(kind, value) for value in values]
    assert [unseal(kind, *pair) for pair in zip(ciphertexts, indexes, strict=True)] == values


def test_blind_index_is_the_keyed_hash_of_kind_and_value() -> None:
    assert blind_index("cpr", CPR) == hmac.digest(INDEX, b"cpr\0" + CPR.encode(), hashlib.sha256)
    assert len(blind_index("cpr", CPR)) == 32
    assert blind_index("cpr", CPR) == blind_index("cpr", CPR)
    assert blind_index("cpr", CPR) != blind_index("phone", CPR)


def test_blind_index_depends_on_its_own_key_only(settings) -> None:
    before = blind_index("cpr", CPR)
    settings.FIELD_ENCRYPTION_KEYS = {1: OLD, 2: NEW}
    assert blind_index("cpr", CPR) == before
    settings.BLIND_INDEX_KEYS = {1: NEW[::-1]}
    assert blind_index("cpr", CPR) != before


def test_seal_uses_a_fresh_nonce_and_shows_nothing() -> None:
    ciphertexts, indexes = seal_many("cpr", [CPR] * 1000)
    assert len(set(ciphertexts)) == 1000
    assert len({ciphertext[2:14] for ciphertext in ciphertexts}) == 1000
    assert set(indexes) == {blind_index("cpr", CPR)}
    assert all(CPR.encode() not in ciphertext for ciphertext in ciphertexts)


def test_ciphertext_moves_with_its_index_but_not_to_another_person() -> None:
    one, other = seal("cpr", CPR), seal("cpr", OTHER)
    for ciphertext, index in [
        (one.ciphertext, other.index),
        (other.ciphertext, one.index),
        (one.ciphertext, b""),
    ]:
        with pytest.raises(CannotOpen):
            unseal("cpr", ciphertext, index)


def test_ciphertext_of_another_kind_does_not_open() -> None:
    sealed = seal("phone", PHONE)
    with pytest.raises(CannotOpen):
        unseal("cpr", sealed.ciphertext, sealed.index)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        seal("name", "Bo")
    with pytest.raises(ValueError, match="unknown kind"):
        blind_index("name", "Bo")


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = seal("cpr", CPR)
    position = data.draw(st.integers(0, len(sealed.ciphertext) - 1))
    changed = bytearray(sealed.ciphertext)
    changed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        unseal("cpr", bytes(changed), sealed.index)


@pytest.mark.parametrize("length", [0, 1, 2, 13, 14, 20])
def test_cut_ciphertext_is_noticed(length: int) -> None:
    sealed = seal("cpr", CPR)
    with pytest.raises(CannotOpen):
        unseal("cpr", sealed.ciphertext[:length], sealed.index)


def test_rotation_seals_with_the_highest_key_and_opens_with_each(settings) -> None:
    old = seal("cpr", CPR)
    settings.FIELD_ENCRYPTION_KEYS = {1: OLD, 2: NEW}
    new = seal("cpr", CPR)
    assert (old.ciphertext[0], new.ciphertext[0]) == (1, 2)
    assert unseal("cpr", old.ciphertext, old.index) == unseal("cpr", new.ciphertext, new.index) == CPR
    settings.FIELD_ENCRYPTION_KEYS = {2: NEW}
    with pytest.raises(CannotOpen, match="key version"):
        unseal("cpr", old.ciphertext, old.index)


def test_wrong_key_does_not_open(settings) -> None:
    sealed = seal("cpr", CPR)
    settings.FIELD_ENCRYPTION_KEYS = {1: NEW}
    with pytest.raises(CannotOpen):
        unseal("cpr", sealed.ciphertext, sealed.index)


def test_errors_do_not_tell_the_value() -> None:
    sealed = seal("cpr", CPR)
    with pytest.raises(CannotOpen) as error:
        unseal("cpr", sealed.ciphertext, seal("cpr", OTHER).index)
    assert CPR not in str(error.value)
    assert Sealed(b"", b"") == Sealed(b"", b"")


@pytest.mark.parametrize(
    ("encryption", "index"),
    [
        ({}, {1: INDEX}),
        ({1: OLD}, {}),
        ({1: OLD[:31]}, {1: INDEX}),
        ({1: base64.b64encode(OLD).decode()}, {1: INDEX}),
        ({0: OLD}, {1: INDEX}),
        ({256: OLD}, {1: INDEX}),
        ({"1": OLD}, {1: INDEX}),
        ({1: OLD}, {1: OLD}),
    ],
)
def test_keyring_refuses_bad_settings(settings, encryption: dict, index: dict) -> None:
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = encryption, index
    with pytest.raises(ImproperlyConfigured):
        keyring()


def test_keyring_does_not_show_its_keys() -> None:
    assert repr(OLD) not in repr(keyring())
    assert "bytes" not in repr(keyring())

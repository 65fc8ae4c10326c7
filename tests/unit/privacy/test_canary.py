import pytest
from django.core.checks import Tags, run_checks

from outreach.privacy.canary import WrongKey, check_keys, verify_keys
from outreach.privacy.models import KeyCanary

ONE, TWO, INDEX, OTHER_INDEX = (bytes([number]) * 32 for number in range(1, 5))


@pytest.fixture(autouse=True)
def first_start(db: None, settings) -> None:
    KeyCanary.objects.all().delete()
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = {1: ONE}, {1: INDEX}
    verify_keys()


def canaries() -> list[tuple[str, int]]:
    return sorted(KeyCanary.objects.values_list("purpose", "version"))


def test_verify_writes_a_canary_for_each_key_once() -> None:
    verify_keys()
    assert canaries() == [("encryption", 1), ("index", 1)]
    assert check_keys(databases=["default"]) == []


def test_verify_refuses_a_wrong_encryption_key(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {1: TWO}
    with pytest.raises(WrongKey, match="encryption key 1 is not the one"):
        verify_keys()
    assert [error.id for error in check_keys(databases=["default"])] == ["privacy.E001"]


def test_verify_refuses_a_wrong_index_key(settings) -> None:
    settings.BLIND_INDEX_KEYS = {1: OTHER_INDEX}
    with pytest.raises(WrongKey, match="index key 1 is not the one"):
        verify_keys()


def test_verify_takes_a_new_encryption_key_and_needs_the_old_one(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {1: ONE, 2: TWO}
    verify_keys()
    assert canaries() == [("encryption", 1), ("encryption", 2), ("index", 1)]
    settings.FIELD_ENCRYPTION_KEYS = {2: TWO}
    with pytest.raises(WrongKey, match="encryption key 1 is missing"):
        verify_keys()


def test_verify_refuses_a_new_index_key_before_re_indexing(settings) -> None:
    settings.BLIND_INDEX_KEYS = {1: INDEX, 2: OTHER_INDEX}
    with pytest.raises(WrongKey, match="not the current one"):
        verify_keys()
    assert ("index", 2) not in canaries()


def test_verify_refuses_a_damaged_canary() -> None:
    KeyCanary.objects.filter(purpose="encryption").update(proof=b"")
    with pytest.raises(WrongKey):
        verify_keys()


def test_verify_swapped_keys_are_both_named(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEYS = {1: INDEX}, {1: ONE}
    with pytest.raises(WrongKey, match=r"encryption key 1 .* index key 1"):
        verify_keys()


def test_check_runs_only_where_a_database_is_asked_for(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {1: TWO}
    assert check_keys(databases=None) == []
    assert check_keys(databases=["owner"]) == []
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert "privacy.E001" in [message.id for message in found]


def test_check_is_silent_without_the_table(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {1: TWO}
    monkeypatch.setattr(KeyCanary._meta, "db_table", "no_such_table")
    assert check_keys(databases=["default"]) == []


def test_errors_do_not_show_keys(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {1: TWO}
    with pytest.raises(WrongKey) as error:
        verify_keys()
    assert repr(TWO) not in str(error.value)

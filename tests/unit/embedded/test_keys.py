import base64

from outreach.embedded.keys import read_or_make_keys


def test_keys_are_made_once_and_private(tmp_path):
    folder = tmp_path / "keys"
    keys = read_or_make_keys(folder)
    assert read_or_make_keys(folder) == keys
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_keys_differ_between_purposes_and_hold_32_bytes(tmp_path):
    keys = read_or_make_keys(tmp_path)
    version, key = keys["FIELD_ENCRYPTION_KEYS"].split(":")
    assert version == "1"
    assert len(base64.b64decode(key)) == 32
    assert key != keys["BLIND_INDEX_KEYS"].split(":")[1]

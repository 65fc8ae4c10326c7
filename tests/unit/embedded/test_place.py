import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.embedded import place
from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import ServerUser, prepare_place, server_user


@pytest.fixture(autouse=True)
def no_socket_folder_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remove the socket folders, which lie outside pytest's own folder because of their short names."""
    made: set[Path] = set()
    original = place._socket_folder

    def remember(var: Path, user: ServerUser) -> Path:
        made.add(original(var, user))
        return original(var, user)

    monkeypatch.setattr(place, "_socket_folder", remember)
    yield
    for folder in made:
        folder.rmdir()


@pytest.fixture
def unreachable_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that the server user cannot pass through, with a place outside it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.setattr(place, "OUTSIDE_FOLDERS", (outside,))
    monkeypatch.setattr(ServerUser, "can_use", lambda self, path: False)
    var = tmp_path / "private" / "var"
    var.mkdir(parents=True)
    return var


def test_prepare_place_reachable_folder_holds_the_data(tmp_path, monkeypatch):
    monkeypatch.setattr(ServerUser, "can_use", lambda self, path: True)
    found = prepare_place(tmp_path)
    assert found.home == tmp_path / "servers"
    assert found.home.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(found.sockets)) < place.LONGEST_SOCKET_FOLDER


def test_prepare_place_unreachable_folder_points_outside(unreachable_var):
    first = prepare_place(unreachable_var)
    assert unreachable_var not in first.home.parents
    assert prepare_place(unreachable_var).home == first.home


def test_prepare_place_copied_folder_gets_its_own_data(unreachable_var):
    original = prepare_place(unreachable_var)
    copy = unreachable_var.with_name("copy")
    copy.mkdir()
    (copy / "servers.location").write_bytes((unreachable_var / "servers.location").read_bytes())
    assert prepare_place(copy).home != original.home
    assert prepare_place(unreachable_var).home == original.home


def test_prepare_place_moved_folder_keeps_its_data(unreachable_var):
    original = prepare_place(unreachable_var)
    moved = unreachable_var.with_name("moved")
    unreachable_var.rename(moved)
    assert prepare_place(moved).home == original.home
    assert json.loads((moved / "servers.location").read_text())["var"] == str(moved)


def test_prepare_place_lost_data_is_not_silently_replaced(unreachable_var):
    prepare_place(unreachable_var).home.rmdir()
    with pytest.raises(EmbeddedServersError, match="is gone"):
        prepare_place(unreachable_var)


def test_two_data_folders_have_different_sockets(tmp_path):
    user = server_user()
    (one, two) = (place._socket_folder(tmp_path / name, user) for name in "ab")
    assert one != two


def test_make_folder_refuses_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedServersError, match="somebody else"):
        server_user().make_folder(tmp_path / "link")


def test_find_program_missing_package_says_what_to_do():
    with pytest.raises(EmbeddedServersError, match="bin/manage"):
        place.find_program("no_such_package", "bin/x", "NO_SUCH_SETTING")

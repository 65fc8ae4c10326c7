import os
import subprocess
import time

import pytest

from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import Place, server_user
from outreach.embedded.postgres import _initialise, _settle_predecessor, find_postgres


def test_stale_pid_file_of_another_program_is_removed(tmp_path):
    # After a reboot the number in the file may belong to anything: here, to this test.
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n/somewhere\n")
    _settle_predecessor(tmp_path, time.monotonic() + 5)
    assert not pid_file.exists()


def test_data_of_another_major_version_is_refused(tmp_path):
    place = Place(var=tmp_path, home=tmp_path, sockets=tmp_path, user=server_user())
    place.database_folder.mkdir()
    (place.database_folder / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedServersError, match=r"made by PostgreSQL 9\.6"):
        _initialise(find_postgres(Place(tmp_path, tmp_path, tmp_path, server_user())), place)


def test_server_has_the_extensions_that_migrations_use(tmp_path):
    program = find_postgres(Place(tmp_path, tmp_path, tmp_path, server_user()))
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.split()[-1].split(".")[0]) >= 16
    for extension in ("btree_gist", "pg_trgm"):
        assert (program.parents[1] / "share" / "extension" / f"{extension}.control").exists()

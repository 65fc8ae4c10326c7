"""The client's side: takes a lease on the servers of a data folder, and starts their supervisor when none lives.

A lease is a shared lock on a file. Forked children keep it, and the kernel drops it with the last of them, however
they die. The supervisor leaves when it can take the lock for itself.
"""

import fcntl
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.keys import read_or_make_keys
from outreach.embedded.place import PROJECT_ROOT, data_folder

SERVER_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# Marks addresses that we set, so that a child process renews the lease instead of taking them for production's.
MARK = "OUTREACH_EMBEDDED_SERVERS"

_held: dict[Path, int] = {}


def ensure_servers() -> None:
    """Make the servers ready and put their addresses and the keys into the environment.

    Does nothing when DATABASE_URL and REDIS_URL are both given. Cheap (about a millisecond) when they run already;
    a long-lived parent may call it again and again to bring servers back that were killed.
    Raises EmbeddedServersError when they cannot be started.
    """
    var = data_folder()
    ours = os.environ.get(MARK) == str(var)
    if not ours and os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    _make_data_folder(var)
    _take_lease(var)
    with (var / "start.lock").open("a") as start_lock:
        fcntl.flock(start_lock, fcntl.LOCK_EX)
        if not is_supervised(var):
            _start_supervisor(var)
        state = json.loads((var / "servers.json").read_text(encoding="utf-8"))
        keys = read_or_make_keys(var / "keys")
    given = {} if ours else {name: os.environ[name] for name in SERVER_URLS if os.environ.get(name)}
    if "DATABASE_URL" in given:
        state.pop("DATABASE_OWNER_URL")
    os.environ.update({name: state[name] for name in SERVER_URLS if name in state and name not in given})
    for name, key in keys.items():
        os.environ.setdefault(name, key)
    if not given:
        os.environ[MARK] = str(var)


def is_supervised(var: Path) -> bool:
    """Say whether a supervisor of data folder `var` lives."""
    with (var / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _make_data_folder(var: Path) -> None:
    try:
        with suppress(FileExistsError):  # there already, or made by another client in this very moment
            var.mkdir(parents=True)
            var.chmod(0o711)  # the server user passes through; keys and uploads are private themselves
        (var / "start.lock").touch()
    except OSError as error:
        raise EmbeddedServersError(f"The data folder {var} is not writable ({error.strerror}).") from error


def _take_lease(var: Path) -> None:
    """Hold a shared lock on the lease file; waits while a supervisor is on its way out."""
    if var in _held:
        return
    descriptor = os.open(var / "lease.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.set_inheritable(descriptor, True)
    _held[var] = descriptor


def _start_supervisor(var: Path) -> None:
    """Start the supervisor as a process of its own and wait for its word that the servers answer."""
    reading, writing = os.pipe()
    environment = {name: value for name, value in os.environ.items() if name not in SERVER_URLS}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in [str(PROJECT_ROOT), *sys.path] if path)
    (var / "log").mkdir(exist_ok=True)
    with (var / "log" / "supervisor.log").open("ab") as log:
        starter = subprocess.Popen(
            [sys.executable, "-m", "outreach.embedded.supervisor", str(var), str(writing)],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
            cwd="/",
        )
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        text = answer.read()
    starter.wait()
    if text != "ready":
        raise EmbeddedServersError(text or f"the supervisor ended at once; see {var / 'log'}.")

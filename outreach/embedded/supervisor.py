"""The process that owns the two servers of one data folder: `python -m outreach.embedded.supervisor VAR PIPE`.

It starts them, restarts one that dies, and leaves when nobody holds a lease any more. When it is killed itself,
the kernel takes the servers down with it.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import Place, prepare_place
from outreach.embedded.postgres import start_postgres, stop_postgres
from outreach.embedded.provision import APP_ROLE, DATABASE, OWNER_ROLE, provision
from outreach.embedded.valkey import socket_path, start_valkey, stop_valkey

POLL_SECONDS = 0.5
# A script that runs one command after another should not pay a restart for each.
GRACE_SECONDS = float(os.environ.get("OUTREACH_EMBEDDED_GRACE", "2"))


@dataclass
class Servers:
    """The two running servers."""

    place: Place
    postgres: subprocess.Popen[bytes]
    valkey: subprocess.Popen[bytes]

    @classmethod
    def start(cls, place: Place) -> "Servers":
        """Start both and provision the database; stops what it started when the other fails."""
        valkey = start_valkey(place)
        try:
            postgres = start_postgres(place)
        except BaseException:
            stop_valkey(valkey)
            raise
        servers = cls(place, postgres, valkey)
        try:
            provision(place.sockets)
        except BaseException:
            servers.stop()
            raise
        return servers

    def revive(self) -> None:
        """Start again whichever server died."""
        if self.valkey.poll() is not None:
            self.valkey = start_valkey(self.place)
        if self.postgres.poll() is not None:
            self.postgres = start_postgres(self.place)

    def stop(self) -> None:
        """Stop Valkey, then PostgreSQL."""
        stop_valkey(self.valkey)
        stop_postgres(self.postgres)


def addresses(place: Place) -> dict[str, str]:
    """Return the servers' addresses by name of environment variable."""
    return {
        "DATABASE_URL": f"postgres://{APP_ROLE}@/{DATABASE}?host={place.sockets}",
        "DATABASE_OWNER_URL": f"postgres://{OWNER_ROLE}@/{DATABASE}?host={place.sockets}",
        "REDIS_URL": f"unix://{socket_path(place)}?db=0",
    }


def supervise(var: Path, answer: int) -> None:
    """Run the servers until the last lease is gone, or SIGTERM. Writes `ready` or an error to pipe `answer`."""
    lock = (var / "supervisor.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EmbeddedServersError(f"another supervisor already runs the servers in {var}.") from None
    place = prepare_place(var)
    servers = Servers.start(place)
    state = var / "servers.json"
    try:
        state.write_text(json.dumps({"pid": os.getpid(), **addresses(place)}), encoding="utf-8")
        os.write(answer, b"ready")
        os.close(answer)
        _wait_for_last_lease(var, servers)
    finally:
        servers.stop()
        state.unlink(missing_ok=True)
        shutil.rmtree(place.sockets, ignore_errors=True)


def _wait_for_last_lease(var: Path, servers: Servers) -> None:
    """Return, holding the lease file exclusively, when nobody has used the servers for the grace time.

    New users wait for that lock while the servers stop, then start their own.
    """
    lease = os.open(var / "lease.lock", os.O_RDWR | os.O_CREAT, 0o600)
    last_used = time.monotonic()
    while True:
        time.sleep(POLL_SECONDS)
        servers.revive()
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            last_used = time.monotonic()
            continue
        if time.monotonic() - last_used >= GRACE_SECONDS:
            return
        fcntl.flock(lease, fcntl.LOCK_UN)


def main() -> None:
    """Detach from the caller, then supervise."""
    var, answer = Path(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(answer, False)
    if os.fork():
        os._exit(0)  # the caller must not find an unknown child of its own
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        supervise(var, answer)
    except Exception as error:
        with contextlib.suppress(OSError):  # closed, when the servers had been ready
            os.write(answer, str(error).encode())
        if isinstance(error, EmbeddedServersError):
            sys.exit(f"supervisor: {error}")
        raise


if __name__ == "__main__":
    main()

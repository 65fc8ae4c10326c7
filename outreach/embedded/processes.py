"""Web, worker and beat as child processes of one command, for an installation on one machine.

They die with their parent, however it ends. Start them from the main thread: the kernel watches the thread that
started a child. Production runs the same programs under its own supervisor (docker-compose.yml).
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence

from outreach.embedded.children import dies_with_parent, stop_child
from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import PROJECT_ROOT, data_folder

HOST = "127.0.0.1"
STOP_SECONDS = 20


class PortTakenError(EmbeddedServersError):
    """Another program listens on the port."""


def start_web(port: int, *, threads: int = 8) -> subprocess.Popen[bytes]:
    """Serve the site on 127.0.0.1:`port` over http. Raises PortTakenError; does not wait for the first answer."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(f"Port {port} is in use. Choose another with --port.") from error
    command = ["gunicorn", "outreach.wsgi", "--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    # Preloaded: the second worker is forked from the first instead of importing everything again.
    command += ["--workers", "2", "--threads", str(threads), "--preload"]
    command += ["--no-control-socket", "--log-level", "warning"]
    return _start("web", command, death_signal=signal.SIGTERM)


def start_worker(queues: Sequence[str], *, concurrency: int = 2) -> subprocess.Popen[bytes]:
    """Start a worker that serves `queues`."""
    name = "-".join(queues)
    command = ["celery", "-A", "outreach.celery", "worker", "--queues", ",".join(queues), "--hostname", f"{name}@%h"]
    command += ["--concurrency", str(concurrency), "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Killed at once: what it was doing is rolled back and handed out again.
    return _start("worker", command, death_signal=signal.SIGKILL)


def start_beat() -> subprocess.Popen[bytes]:
    """Start the clock of the periodic tasks."""
    schedule = data_folder() / "beat-schedule"
    command = ["celery", "-A", "outreach.celery", "beat", "--schedule", str(schedule), "--pidfile", ""]
    return _start("beat", [*command, "--loglevel", "WARNING"], death_signal=signal.SIGKILL)


def wait_until_served(web: subprocess.Popen[bytes], port: int, seconds: float = 90) -> None:
    """Return when the site answers that it is ready; EmbeddedServersError when it ended or takes too long."""
    deadline = time.monotonic() + seconds
    while web.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise EmbeddedServersError(f"The site did not start; see {data_folder() / 'log' / 'web.log'}.")


def stop_processes(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Stop in the order given: web, beat, then workers, so that nothing new comes in while workers finish."""
    for process in processes:
        stop_child(process, signal.SIGTERM, STOP_SECONDS)


def _start(kind: str, arguments: Sequence[str], death_signal: signal.Signals) -> subprocess.Popen[bytes]:
    folder = data_folder() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{kind}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT_ROOT,
            env={**os.environ, "OUTREACH_PROCESS": kind, "OUTREACH_HTTPS": "0"},
            preexec_fn=dies_with_parent(death_signal),
        )

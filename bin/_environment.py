"""Makes the virtual environment and builds the style sheets and scripts; `_environment` calls it when they are old.

Standard library only. Two at once are safe: the second waits, and finds the work done.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
OLDEST_NODE = 20
# collectstatic reads the settings but talks to nobody.
NO_SERVERS = {
    "SECRET_KEY": "collects static files only",
    "FIELD_ENCRYPTION_KEYS": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "BLIND_INDEX_KEYS": "1:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "DATABASE_URL": "postgres://none@localhost/none",
    "REDIS_URL": "redis://localhost/0",
    "OUTREACH_HASHED_STATIC_FILES": "1",
}


def main() -> None:
    """Bring the environment named on the command line (embedded or dev) up to date."""
    wanted = sys.argv[1]
    with (ROOT / "requirements" / "lock").open() as lock:
        # The lock is on a file that is always there, so that nothing has to be made first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_locked(wanted) and not _is_locked("dev"):
            _install(wanted)
        if not _is_built():
            _build("dev" if _is_locked("dev") else "embedded")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run(*command: str | Path, **options: object) -> None:
    """Run a command with its output on standard error; a failure ends the program with its name."""
    # A leftover VIRTUAL_ENV of the caller's shell must not redirect the installers.
    environment = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}}
    environment |= options.pop("env", {})  # type: ignore[operator]
    done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, env=environment, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"Failed ({done.returncode}): {' '.join(map(str, command))}")


def _works(*command: str | Path) -> bool:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        return subprocess.run(command, cwd=ROOT, stdout=sys.stderr, env=environment, check=False).returncode == 0
    except OSError:
        return False


def _stamp_text(name: str) -> str:
    return f"{ROOT}\n{(REQUIREMENTS / f'{name}.txt').read_text(encoding='utf-8')}"


def _is_locked(name: str) -> bool:
    stamp = VENV / f"stamp-{name}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _stamp_text(name)


def _install(name: str) -> None:
    _say(f"Making the Python environment ({name}) …")
    if not _belongs_here():
        shutil.rmtree(VENV, ignore_errors=True)
        _make_venv()
    # Both wait for the network most of the time, so at once; not where Node is itself a Python package.
    with ThreadPoolExecutor() as pool:
        packages = pool.submit(_install_node_packages, name) if _node_of_the_machine() else None
        _install_requirements(name)
        if packages is not None:
            packages.result()
    _install_node_packages(name)
    (VENV / f"stamp-{name}").write_text(_stamp_text(name), encoding="utf-8")


def _install_requirements(name: str) -> None:
    requirements = ("--require-hashes", "-r", REQUIREMENTS / f"{name}.txt")
    uv = VENV / "bin" / "uv"
    if not uv.exists() and not shutil.which("uv"):
        _works(*_pip(), "install", "--quiet", "--require-hashes", "-r", REQUIREMENTS / "installer.txt")
    program = uv if uv.exists() else shutil.which("uv")
    # uv takes seconds where pip takes a minute; pip knows more about a machine's own package sources.
    # The names of one setting, in older and newer versions: trust the certificates that this machine trusts.
    os.environ |= {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
    done = program and _works(program, "pip", "install", "--quiet", "--python", PYTHON, *requirements)
    if not done:
        _run(*_pip(), "install", "--quiet", *requirements)


def _belongs_here() -> bool:
    """Say whether the environment works and was made in this folder: a copied one points back at the original."""
    configuration = VENV / "pyvenv.cfg"
    home = VENV / "stamp-root"
    return (
        configuration.exists()
        and _works(PYTHON, "-c", "")
        and (not home.exists() or home.read_text(encoding="utf-8") == str(ROOT))
    )


def _make_venv() -> None:
    if not _works(sys.executable, "-m", "venv", VENV):
        # Some systems ship Python without the bundled pip: another one installs into the environment then.
        _run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
    (VENV / "stamp-root").write_text(str(ROOT), encoding="utf-8")


def _pip() -> list[str | Path]:
    if any(VENV.glob("lib/python*/site-packages/pip")):
        return [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", PYTHON]


def _is_built() -> bool:
    stamp = ROOT / "staticfiles" / ".stamp"
    if not stamp.exists():
        return False
    sources = [*ROOT.glob("package*.json"), *ROOT.glob("frontend/**/*"), *ROOT.glob("static/**/*")]
    dist = ROOT / "static" / "dist"
    made = stamp.stat().st_mtime
    return not any(path.is_file() and dist not in path.parents and path.stat().st_mtime > made for path in sources)


def _build(name: str) -> None:
    (ROOT / "static").mkdir(exist_ok=True)
    stamp = ROOT / "staticfiles" / ".stamp"
    if (ROOT / "package.json").exists():
        _say("Building style sheets and scripts …")
        _install_node_packages(name)
        node, _npm = _node()
        _run(node, "frontend/build.mjs", env=_beside(node))
    _run(PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", env=NO_SERVERS)
    stamp.touch()


def _install_node_packages(name: str) -> None:
    """What package-lock.json names, if it is not there; only tests (dev) need the browser and the contract's tools."""
    stamp = ROOT / "node_modules" / ".stamp"
    lock = ROOT / "package-lock.json"
    if not lock.exists():
        return
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime and stamp.read_text() in {name, "dev"}:
        return
    node, npm = _node()
    needed = [] if name == "dev" else ["--omit=dev"]
    _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *needed, env=_beside(node))
    stamp.write_text(name)


def _beside(node: str) -> dict[str, str]:
    """An environment where programs find this Node first."""
    return {"PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])}


def _node() -> tuple[str, str]:
    """Return node and npm: the machine's, or those of a Python package that is installed for it."""
    found = _node_of_the_machine() or _found_node(str(VENV / "bin"))
    if found is not None:
        return found
    _say("No Node of version 20 or newer on this machine: installing one into the environment …")
    _run(*_pip(), "install", "--quiet", "--require-hashes", "-r", REQUIREMENTS / "node.txt")
    return str(VENV / "bin" / "node"), str(VENV / "bin" / "npm")


def _node_of_the_machine() -> tuple[str, str] | None:
    return _found_node(None)


def _found_node(folder: str | None) -> tuple[str, str] | None:
    node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
    return (node, npm) if node and npm and _node_version(node) >= OLDEST_NODE else None


def _node_version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()

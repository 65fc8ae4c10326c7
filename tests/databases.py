"""One database for each test process, copied from a template that is migrated once for each set of migrations.

Everything here connects as the owner; the tests themselves run as the application role.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parents[1]
DATABASE_SQL = BASE_DIR / "outreach" / "embedded" / "sql" / "database.sql"
# What the template's content depends on.
SOURCES = ("*/migrations/*.py", "*/*/migrations/*.py", "*/data/**/*", "outreach/privacy/*.py", "**/sql/*.sql")
PACKAGES = ("outreach", "registry", "popup_sites", "campaigns", "reports")
TEMPLATE_LOCK = 7_021_983
BROKER_DATABASES = 64


def run_number() -> int:
    """Return the process number of the test run: the controller's, also within its worker processes."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def use_own_broker_database(run: int) -> None:
    """Point REDIS_URL at a database that hardly any other test process uses."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = os.environ["REDIS_URL"]
    if address.startswith("unix://"):
        number = 1 + (run * 8 + worker) % (BROKER_DATABASES - 1)
        os.environ["REDIS_URL"] = f"{address.partition('?')[0]}?db={number}"


def _sources_hash() -> str:
    digest = hashlib.sha256((BASE_DIR / "requirements" / "runtime.txt").read_bytes())
    files = {path for pattern in SOURCES for path in BASE_DIR.glob(pattern)}
    for path in sorted(files):
        relative = path.relative_to(BASE_DIR)
        if relative.parts[0] in PACKAGES and path.is_file() and "__pycache__" not in relative.parts:
            digest.update(str(relative).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Drop it, whoever is connected; nothing when there is none.

    The owner may not end the application's sessions, which a thread of a test may have left open: it does so itself.
    Nor may the owner end an autovacuum by force; without force PostgreSQL ends that by itself.
    """
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
    for _attempt in range(5):
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as application:
            application.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM ({ours}) AS sessions", [name])
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
            return
        with suppress(psycopg.errors.ObjectInUse):
            connection.execute(_named("DROP DATABASE IF EXISTS {}", name))
            return
    raise TimeoutError(f"{name} could not be dropped")


class TestDatabase:
    """The database of this test process."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    def __init__(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.name = f"test_outreach_{run_number()}_{worker}"
        self.template = f"template_outreach_{_sources_hash()}"
        self.owner_parameters: dict[str, object] = {}
        # What the migrations filled, table by table, as COPY writes it.
        self.reference: dict[str, bytes] = {}

    def create(self) -> None:
        """Copy the template, made first if there is none, and point both of Django's connections at the copy."""
        from django.db import connections

        self.owner_parameters = _parameters(connections["owner"].get_connection_params())
        with self._maintenance() as connection:
            _drop_abandoned(connection)
            connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            if not _exists(connection, self.template):
                self._make_template(connection)
            drop_database(connection, self.name)
            connection.execute(_named("CREATE DATABASE {} TEMPLATE {}", self.name, self.template))
            self._prepare(connection, self.name)
        self._point_django_at(self.name)
        with self._own() as connection:
            self.reference = {table: _copied(connection, table) for table in self._filled_tables()}

    def drop(self) -> None:
        """Close Django's connections and remove the copy; the template stays for the next run."""
        from django.db import connections

        connections.close_all()
        with self._maintenance() as connection:
            drop_database(connection, self.name)

    def flush(self) -> None:
        """Empty every table; fail, rather than wait, when the test left a session that holds rows."""
        try:
            self._empty()
        except psycopg.errors.LockNotAvailable as error:
            left = self._end_sessions()
            self._empty()
            raise AssertionError(f"The test left sessions that hold rows: {left}") from error

    def _end_sessions(self) -> list[str]:
        """End the application's sessions; what each did last."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as application:
            rows = application.execute(
                "SELECT concat(state, ': ', left(query, 200)), pg_terminate_backend(pid, 5000)"
                " FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [self.name],
            )
            return [str(last) for last, _ended in rows]

    def _empty(self) -> None:
        """Empty every table that the migrations left empty, and put back what they wrote in the others."""
        with self._own() as connection:
            connection.execute("SET lock_timeout = '20s'")
            # Foreign keys are checked at commit, so the order does not matter; TRUNCATE of all takes far longer.
            for table in sorted(self._filled_tables() - self.reference.keys()):
                connection.execute(_named("DELETE FROM {}", table))
            for table, rows in self.reference.items():
                if _copied(connection, table) == rows:
                    continue
                connection.execute(_named("DELETE FROM {}", table))
                with connection.cursor().copy(_named("COPY {} FROM STDIN", table)) as copy:
                    copy.write(rows)

    def _own(self) -> psycopg.Connection:
        return psycopg.connect(**self.owner_parameters | {"dbname": self.name})  # type: ignore[arg-type]

    @contextmanager
    def _maintenance(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(**self.owner_parameters, autocommit=True) as connection:
            yield connection

    def _make_template(self, connection: psycopg.Connection) -> None:
        from django.core.management import call_command

        for (old,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_outreach\\_%'"
        ).fetchall():
            drop_database(connection, old)
        unfinished = f"unfinished_{self.template}"
        drop_database(connection, unfinished)
        connection.execute(_named("CREATE DATABASE {}", unfinished))
        self._prepare(connection, unfinished)
        self._point_django_at(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        self._close_django()
        connection.execute(_named("ALTER DATABASE {} RENAME TO {}", unfinished, self.template))

    def _prepare(self, connection: psycopg.Connection, name: str) -> None:
        """Give the rights of production, and spare the disk: nothing here outlives a crash."""
        connection.execute(_named("ALTER DATABASE {} SET synchronous_commit = off", name))
        with psycopg.connect(**self.owner_parameters | {"dbname": name}, autocommit=True) as own:
            own.execute(DATABASE_SQL.read_bytes())

    def _close_django(self) -> None:
        from django.db import connections

        connections.close_all()

    def _point_django_at(self, name: str) -> None:
        from django.db import connections

        self._close_django()
        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = name

    def _filled_tables(self) -> set[str]:
        with self._own() as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                " AND NOT relispartition"
            ).fetchall()
            questions = [
                sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
                for (table,) in tables
            ]
            return {table for (table,) in connection.execute(sql.SQL(" UNION ALL ").join(questions))}


def _parameters(django_parameters: dict[str, object]) -> dict[str, object]:
    wanted = ("dbname", "user", "password", "host", "port")
    return {name: value for name, value in django_parameters.items() if name in wanted and value}


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name) for name in names))


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(_named("COPY {} TO STDOUT", table)) as copy:
        return b"".join(copy)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_abandoned(connection: psycopg.Connection) -> None:
    """Drop the databases of test runs that were killed."""
    rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_outreach\\_%'").fetchall()
    for (name,) in rows:
        if not Path(f"/proc/{name.split('_')[2]}").exists():
            drop_database(connection, name)

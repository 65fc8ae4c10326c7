"""`migrate` with real processes on an empty database."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from outreach.embedded.provision import SQL
from tests.databases import drop_database, run_number

PROJECT_ROOT = Path(__file__).resolve().parents[3]
# Makes an index concurrently: that waits for every snapshot, so for ever for a second one that waits in a statement.
CONCURRENT = ["registry", "0013"]


@pytest.fixture
def empty_database():
    """An empty database with the rights of production; dropped after the test."""
    name = f"test_outreach_{run_number()}_migrate"
    owner = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        drop_database(connection, name)
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(owner.replace("/outreach?", f"/{name}?"), autocommit=True) as connection:
        connection.execute((SQL / "database.sql").read_bytes())
    yield name
    with psycopg.connect(owner, autocommit=True) as connection:
        drop_database(connection, name)


def test_two_at_once_wait_for_each_other(empty_database: str):
    # F49
    addresses = {
        key: os.environ[key].replace("/outreach?", f"/{empty_database}?")
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    environment = {key: value for key, value in os.environ.items() if key != "OUTREACH_EMBEDDED_SERVERS"} | addresses
    command = [sys.executable, "manage.py", "migrate", *CONCURRENT, "--verbosity", "0"]
    both = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [("outreach_owner",)]
        done = "SELECT count(*) FROM django_migrations WHERE app = 'registry' AND name LIKE '0013%'"
        assert connection.execute(done).fetchone() == (1,)

"""Roles, database and rights in a running embedded PostgreSQL; idempotent, done at each start."""

from pathlib import Path

import psycopg

SQL = Path(__file__).parent / "sql"
DATABASE = "outreach"
APP_ROLE = "outreach_app"
OWNER_ROLE = "outreach_owner"


def provision(socket_folder: Path) -> None:
    """Make roles, database, extensions and rights; the connection is the cluster's superuser."""
    with psycopg.connect(host=str(socket_folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute((SQL / "roles.sql").read_bytes())
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    with psycopg.connect(host=str(socket_folder), user=OWNER_ROLE, dbname=DATABASE, autocommit=True) as connection:
        connection.execute((SQL / "database.sql").read_bytes())

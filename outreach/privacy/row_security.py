"""Migration operations for the second wall: row security by municipality, and tables that only grow.

A migration that creates a table with personal data adds `enable_row_security("registry_citizen")` after it.
"""

from __future__ import annotations

from django.conf import settings
from django.db.migrations import RunSQL

# Without nullif a reset setting is '' and the cast raises instead of showing nothing. In a subselect, for PostgreSQL
# works that out once in each statement, the bare expression at each row that it reads (decision 0017).
ALLOWED_MUNICIPALITIES = "ANY ((SELECT nullif(current_setting('app.municipalities', true), '')::int[])::int[])"
NAME_BYTES = 63


def policy_name(table: str) -> str:
    """The policy's name; raises ValueError where PostgreSQL would cut it."""
    name = f"{table}_by_municipality"
    if len(name.encode()) > NAME_BYTES:
        raise ValueError(f"{name} is longer than {NAME_BYTES} bytes")
    return name


def enable_row_security(table: str, column: str = "municipality_id") -> RunSQL:
    """Lets every role but those with BYPASSRLS see and write only the rows of the municipalities in context.

    Forced, so that the table's owner is bound too; without context no row is seen and none is taken.
    """
    name, quoted = _quoted(policy_name(table)), _quoted(table)
    condition = f"{_quoted(column)} = {ALLOWED_MUNICIPALITIES}"
    return RunSQL(
        sql=[
            f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {name} ON {quoted} USING ({condition}) WITH CHECK ({condition})",
        ],
        reverse_sql=[
            f"DROP POLICY {name} ON {quoted}",
            f"ALTER TABLE {quoted} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {quoted} DISABLE ROW LEVEL SECURITY",
        ],
    )


def append_only(table: str, app_role: str | None = None) -> RunSQL:
    """Takes UPDATE, DELETE and TRUNCATE on the table from `app_role`, else the default connection's role."""
    role, quoted = (
        _quoted(str(app_role or settings.DATABASES["default"]["USER"])),
        _quoted(table),
    )
    return RunSQL(
        sql=f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {role}",
        # TRUNCATE is not given back: the application never has it.
        reverse_sql=f"GRANT UPDATE, DELETE ON {quoted} TO {role}",
    )


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'

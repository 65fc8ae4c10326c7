"""Refuses to run as a database role for which row-level security would not hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import ERROR, CheckMessage, Error, Tags, run_checks
from django.db import DatabaseError, connections

ROLE = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p', 'v', 'm')
               AND relnamespace = 'public'::regnamespace)
FROM pg_roles WHERE rolname = current_user
"""
REASONS = ("is a superuser", "bypasses row-level security", "owns tables")


def check_app_role(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each right the application role must not have; nothing when no database answers."""
    if databases is not None and "default" not in databases:
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(ROLE)
            found = cursor.fetchone()
    except DatabaseError:
        return []  # /ready tells; start-up does not wait for the database
    return [
        Error(
            f"The database role in DATABASE_URL {reason}; row-level security would not hold for it.",
            hint="Use outreach_app there and outreach_owner in DATABASE_OWNER_URL; see docs/operations.md.",
            id="outreach.E001",
        )
        for has, reason in zip(found, REASONS, strict=True)
        if has
    ]


def refuse_unsafe_start() -> None:
    """End the process when a check against the database fails: wrong role, wrong key. Web and workers call it."""
    errors = [message for message in run_checks(tags=[Tags.database], databases=["default"]) if message.level >= ERROR]
    if errors:
        raise SystemExit("Refused to start:\n" + "\n".join(str(error) for error in errors))

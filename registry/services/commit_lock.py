"""One lock for each municipality: a commit or an undo is alone; answers, hand-overs and citizen files go on together.

What they see of each other is then before or after, never between (L5): an answer waits the moment that a commit
takes (2,000 rows: a third of a second), and a message is claimed before an undo looks, or not at all.
"""

from __future__ import annotations

from django.db import connection

# The lock's name, nothing else.
COMMIT_LOCK = 7_305_121


def commit_alone(municipality_id: int) -> None:
    """Wait for those at work, and keep others waiting until the transaction ends. Take it before any row's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [COMMIT_LOCK, municipality_id])


def work_beside_commits(*municipality_ids: int) -> None:
    """Wait for a commit or undo under way, and hold the next one back until the transaction ends; others may join."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, code) FROM unnest(%s::int[]) AS code",
            [COMMIT_LOCK, sorted(municipality_ids)],
        )

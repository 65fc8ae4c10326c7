"""`migrate` as the role that owns the tables, one at a time."""

import time
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from outreach.embedded.owner import owner_as_default

# Any number that nothing else locks.
MIGRATION_LOCK = 7_021_982
POLL_SECONDS = 0.2


class Command(DjangoMigrate):
    """Django's migrate through DATABASE_OWNER_URL; a second one waits until the first is done (F49)."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's arguments."""
        super().add_arguments(parser)
        parser.set_defaults(database="default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate under an advisory lock that the database drops if we die."""
        if options["database"] != "default":
            super().handle(*args, **options)
            return
        with owner_as_default(), connections["owner"].cursor() as cursor:
            # Asked again and again: a statement that waits holds a snapshot, and an index made concurrently by the
            # first migration would wait for that one's end for ever.
            while not _locked(cursor):
                time.sleep(POLL_SECONDS)
            try:
                super().handle(*args, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
                connections["owner"].close()


def _locked(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK])
    return bool(cursor.fetchone()[0])

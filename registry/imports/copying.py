"""COPY into a temporary table, without a row's content in the error when PostgreSQL refuses one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError


class CopyRefused(RuntimeError):
    """PostgreSQL refused a line of COPY: a fault of ours. Says the SQLSTATE only; its own message quotes the line."""


@contextmanager
def copying(cursor: Any, table: str) -> Iterator[Any]:
    """psycopg's copy object for `COPY <table> FROM STDIN` in the text format. Raises CopyRefused."""
    try:
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            yield copy
    except (psycopg.DataError, DatabaseError) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        raise CopyRefused(f"{table}: {getattr(cause, 'sqlstate', None)}") from None

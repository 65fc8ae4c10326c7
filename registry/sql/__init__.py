"""The registry's set-based statements, one file each; parameters are psycopg's named ones."""

from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@cache
def statement(name: str) -> str:
    """The text of `<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


# A hash of 1 M rows stays in memory; a server process holds one or two of them at a time.
MEMORY = {"work_mem": "128MB", "hash_mem_multiplier": "2"}
# From here on a statement over rows that no statistics know is faster with every table read once than with a look-up
# per row: a nested loop chosen for "one row" took hours for 1 M.
MANY_ROWS = 2_000
UNKNOWN_ROWS = MEMORY | {"enable_nestloop": "off"}


def expect_known_rows(cursor: Any, rows: int) -> None:
    """Room for a long list, until `expect_few_rows`; how to join is PostgreSQL's choice.

    For statements whose rows stand in an analysed temporary table: thirty rows are then looked up in a municipality of
    a million citizens, and a million rows are joined with it.
    """
    if rows >= MANY_ROWS:
        _set(cursor, MEMORY)


def expect_many_rows(cursor: Any, rows: int) -> None:
    """Let the statements of this transaction from here on read whole tables, where a list is that long.

    For statements over rows written in this transaction, which are in no statistics.
    """
    if rows >= MANY_ROWS:
        _set(cursor, UNKNOWN_ROWS)


def expect_few_rows(cursor: Any) -> None:
    """Back to the server's own settings."""
    for name in UNKNOWN_ROWS:
        cursor.execute(f"SET LOCAL {name} TO DEFAULT")


def _set(cursor: Any, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])

"""The registry's set-based statements, one file each; parameters are psycopg's named ones."""

from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@cache
def statement(name: str) -> str:
    """The text of `<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


# From here on a statement over all of a list's rows is faster with every table read once than with a look-up per row.
MANY_ROWS = 2_000
MANY_ROWS_SETTINGS = {
    # Rows written in this transaction are in no statistics: a nested loop chosen for "one row" took hours for 1 M.
    "enable_nestloop": "off",
    # A hash of 1 M rows stays in memory; a server process holds one or two of them at a time.
    "work_mem": "128MB",
    "hash_mem_multiplier": "2",
}


def expect_many_rows(cursor: Any, rows: int) -> None:
    """Let the statements of this transaction from here on read whole tables, where a list is that long."""
    if rows >= MANY_ROWS:
        for name, value in MANY_ROWS_SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def expect_few_rows(cursor: Any) -> None:
    """Back to the server's own settings."""
    for name in MANY_ROWS_SETTINGS:
        cursor.execute(f"SET LOCAL {name} TO DEFAULT")

"""The registry's set-based statements, one file each; parameters are psycopg's named ones."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@cache
def statement(name: str) -> str:
    """The text of `<name>.sql`."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")

"""The wave's statements: files of campaigns/sql/, put together from their parts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SQL = Path(__file__).resolve().parents[2] / "sql"


@cache
def statement(*names: str) -> str:
    """The wave's statements, put together from their parts in sql/."""
    return "".join((SQL / f"{name}.sql").read_text(encoding="utf-8") for name in names)

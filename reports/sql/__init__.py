"""Versioned SQL: a changed figure is a new file, so that old figures can be told from new ones."""

from functools import lru_cache
from pathlib import Path


@lru_cache
def statement(name: str) -> str:
    """The text of `name`.sql in this folder."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")

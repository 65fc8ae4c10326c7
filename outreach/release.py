"""Which release this is, as the project's own file has it: the program runs from its folder and is never installed."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def release() -> str:
    """Return the version in `pyproject.toml`, e.g. `0.1.0`; every page's footer shows it."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])

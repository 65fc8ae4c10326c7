"""How long an erasure may run: what is left over is erased by the next run, and no kind keeps the others waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_until: ContextVar[float | None] = ContextVar("outreach_erasure_until", default=None)


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """Inside it `time_is_up` becomes true after so many seconds of the computer's time; None: never."""
    token = _until.set(None if seconds is None else monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def time_is_up() -> bool:
    """Whether whoever erases in steps stops here and leaves the rest to the next run."""
    until = _until.get()
    return until is not None and monotonic() >= until


def seconds_left() -> float | None:
    """How many seconds remain; None where nothing limits them."""
    until = _until.get()
    return None if until is None else max(0.0, until - monotonic())

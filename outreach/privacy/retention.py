"""The retention registry (A5): what is erased when its time is up. Each app says its own in `retention_kinds.py`.

    KINDS = [RetentionKind("raw_files", _("Rå listefiler"), erase_raw_files), …]

`outreach.privacy` knows no tables: it finds the kinds, and `erase_expired` runs them one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from django.utils.module_loading import module_has_submodule

from .classification import our_apps

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class RetentionKind:
    """One kind of data with an end. `erase(now, real_now, dry_run)` returns how many went, or would go.

    `now` is the installation's time, `real_now` the computer's, for files without a row. `erase` opens its own
    contexts, works in small steps, and may be killed and run again anywhere.
    """

    name: str
    title: StrOrPromise
    erase: Callable[[datetime, datetime, bool], int]


def retention_kinds() -> list[RetentionKind]:
    """Every app's kinds, in the order of the apps. Raises ValueError when two have the same name."""
    kinds: list[RetentionKind] = []
    for app in our_apps():
        if app.module is not None and module_has_submodule(app.module, "retention_kinds"):
            kinds += import_module(f"{app.name}.retention_kinds").KINDS
    names = [kind.name for kind in kinds]
    if len(set(names)) < len(names):
        raise ValueError(f"a retention kind stands twice: {sorted(names)}")
    return kinds


def erase_expired(*, now: datetime, real_now: datetime, dry_run: bool) -> dict[str, int]:
    """Run every kind; kind → how many went, or with `dry_run` would go."""
    return {kind.name: kind.erase(now, real_now, dry_run) for kind in retention_kinds()}

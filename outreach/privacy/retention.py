"""The retention registry (A5): what is erased when its time is up. Each app says its own in `retention_kinds.py`.

    KINDS = [RetentionKind("raw_files", _("Rå filer"), erase_raw_files, "RAW_FILE_DAYS", _("listen er afgjort")), …]
    KEPT = [Kept("opt_out", _("Framelding fra sms"), _("Så længe der sendes sms'er."))]

`outreach.privacy` knows no tables: it finds the kinds, and `erase_expired` runs them one after the other. The keys are
those of the apps' `personal_data.RETENTION`: tests/structure/test_retention.py fails on one that nothing erases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import module_has_submodule

from .classification import our_apps
from .erasure_time import at_most, seconds_left
from .models import ErasureRun

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class RetentionKind:
    """One kind of data with an end. `erase(now, real_now, dry_run)` returns how many went, or would go.

    `now` is the installation's time, `real_now` the computer's, for files without a row. `erase` opens its own
    contexts, works in small steps, and may be killed and run again anywhere. It goes `days` (a number, or the setting
    that holds it) after what `after` says. `keys` are the retention keys of the models whose rows it erases.
    """

    name: str
    title: StrOrPromise
    erase: Callable[[datetime, datetime, bool], int]
    days: int | str
    after: StrOrPromise
    keys: tuple[str, ...] = ()

    @property
    def period(self) -> int:
        """Days from the event to the erasure, as the installation has set it."""
        return self.days if isinstance(self.days, int) else int(getattr(settings, self.days))


@dataclass(frozen=True)
class Kept:
    """A retention key that no period erases, and why."""

    key: str
    title: StrOrPromise
    why: StrOrPromise


def retention_kinds() -> list[RetentionKind]:
    """Every app's kinds, in the order of the apps. Raises ValueError when two have the same name."""
    kinds: list[RetentionKind] = [kind for module in _modules() for kind in module.KINDS]
    names = [kind.name for kind in kinds]
    if len(set(names)) < len(names):
        raise ValueError(f"a retention kind stands twice: {sorted(names)}")
    return kinds


def kept_on_purpose() -> list[Kept]:
    """What each app keeps, and why."""
    return [kept for module in _modules() for kept in getattr(module, "KEPT", [])]


def erase_expired(*, now: datetime, real_now: datetime, dry_run: bool, seconds: float | None = None) -> dict[str, int]:
    """Run every kind; kind → how many went, or with `dry_run` would go. What went is added to the kind's report.

    After about `seconds` the rest is left to the next run. A kind takes at most half of what remains, so that a large
    backlog of one keeps none of the others waiting.
    """
    gone = {}
    with at_most(seconds):
        for kind in retention_kinds():
            left = seconds_left()
            with at_most(None if left is None else left / 2):
                gone[kind.name] = kind.erase(now, real_now, dry_run)
            if not dry_run:
                _report(kind.name, gone[kind.name], now)
    return gone


def _report(name: str, number: int, now: datetime) -> None:
    run, _made = ErasureRun.objects.get_or_create(kind=name, defaults={"last_run_at": now})
    changes = {"last_erased_at": now, "last_number": number, "total": F("total") + number} if number else {}
    ErasureRun.objects.filter(pk=run.pk).update(last_run_at=now, **changes)


def _modules() -> list[ModuleType]:
    return [
        import_module(f"{app.name}.retention_kinds")
        for app in our_apps()
        if app.module is not None and module_has_submodule(app.module, "retention_kinds")
    ]

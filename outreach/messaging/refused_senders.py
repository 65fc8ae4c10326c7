"""Municipalities whose sender a gateway refuses (F17): one row each while it lasts, for those who watch over all.

The messages themselves wait in the municipality; here is no word of them, so that `/status` can be asked without one.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class RefusedSender(models.Model):
    """One municipality's sender as the gateway last spoke of it; `since` by the database's clock."""

    municipality_code = models.PositiveSmallIntegerField(primary_key=True)
    code = models.CharField(max_length=20, help_text="the gateway's")
    danish = models.CharField(max_length=200)
    since = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.municipality_code}: {self.code}"


def note_refused(municipality_code: int, *, code: str, danish: str) -> None:
    """The gateway refused the municipality's sender; since when is kept while it lasts."""
    RefusedSender.objects.update_or_create(
        municipality_code=municipality_code, defaults={"code": code[:20], "danish": danish[:200]}
    )


def forget_refused(municipality_code: int) -> None:
    """A message of the municipality went through, or none waits any more."""
    RefusedSender.objects.filter(municipality_code=municipality_code).delete()


def is_refused(municipality_code: int) -> bool:
    """Whether the municipality's sender was refused when it was last tried."""
    return RefusedSender.objects.filter(municipality_code=municipality_code).exists()


def refused_senders() -> list[RefusedSender]:
    """Those refused now, longest first."""
    return list(RefusedSender.objects.order_by("since"))

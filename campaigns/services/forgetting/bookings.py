"""Bookings and the chains round them: gone together, after the citizen's case (K11, K14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.services.row_erasure import before, erase_rows

from ...models import BookingRequest, CareChain
from .case_over import case_over


def erase_bookings(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Chains with all their requests, links and history. Returns how many chains."""
    moment = before(now, "CONTACT_DAYS")

    def due() -> QuerySet[CareChain]:
        recent = BookingRequest.objects.filter(chain=OuterRef("pk")).filter(
            Q(state_at__gt=moment) | Q(booked_at__gt=moment)
        )
        return CareChain.objects.filter(case_over(moment), ~Exists(recent), created_at__lte=moment)

    return erase_rows(due, what="carechain", now=now, dry_run=dry_run, erase=_erase)


def _erase(chain_ids: Sequence[Any]) -> None:
    # The chain protects its requests, so that no slip takes them with it.
    BookingRequest.objects.filter(chain__in=chain_ids).delete()
    CareChain.objects.filter(pk__in=chain_ids).delete()

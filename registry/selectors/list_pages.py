"""What the list pages read beyond a list itself: rows with what stands beside them, orders, what is expected."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from outreach.access.actor import Actor

from ..models import (
    CitizenImport,
    ListKind,
    ListOrder,
    ListOrderState,
    ListState,
    NonresponderList,
)

WEEK = timedelta(days=7)


def lists_for(actor: Actor) -> QuerySet[NonresponderList]:
    """The actor's lists with what a page says of them, newest first."""
    return NonresponderList.objects.visible_to(actor).select_related("programme", "order", "municipality")


def expected_next(actor: Actor) -> list[tuple[str, date]]:
    """Programme and day of the next weekly list: a week after the newest one in use."""
    newest = (
        NonresponderList.objects.visible_to(actor)
        .filter(kind=ListKind.STANDING, state=ListState.COMMITTED)
        .values_list("programme__name")
        .annotate(as_of=Max("as_of"))
        .order_by("programme__name")
    )
    return [(name, as_of + WEEK) for name, as_of in newest]


def orders_of(actor: Actor) -> QuerySet[ListOrder]:
    """The actor's list orders with the number of lists in use under each (`used`); those without an answer first."""
    return (
        ListOrder.objects.visible_to(actor)
        .select_related("programme")
        .annotate(used=Count("lists", filter=Q(lists__state=ListState.COMMITTED)))
        .order_by(F("expires_on").desc(nulls_first=True), "-id")
    )


def approved_orders_of(actor: Actor) -> QuerySet[ListOrder]:
    """The orders a list may be handed in under; an expired one is shown, so that nobody looks for it."""
    return orders_of(actor).filter(state=ListOrderState.APPROVED)


def citizen_imports_of(actor: Actor) -> QuerySet[CitizenImport]:
    """Citizen files of the actor's municipality, newest first."""
    return CitizenImport.objects.filter(municipality_id__in=actor.municipality_codes)

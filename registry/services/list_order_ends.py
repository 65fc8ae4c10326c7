"""What happens to those an ordered list named when its order has run out or was cancelled (L2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record

from .. import signals
from ..models import ClosedReason, ListOrder, ListOrderState
from ..sql import statement
from .commit_lock import commit_alone
from .scope import require_municipality


@transaction.atomic
def end_use(*, by: Actor, order: ListOrder, now: datetime) -> int:
    """Close the open follow-ups that stand on nothing but the order's lists; how many. Once per order.

    Who has answered is helped to the end; whom a standing list, another order, a selection in progress or a case made
    by hand names too stays. Calls and messages end with the follow-up. An order that still holds is left alone.
    """
    require_municipality(by, order.municipality_id)
    commit_alone(order.municipality_id)
    current = ListOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    today = localdate(now)
    if current.use_ended_at is not None or not _is_over(current, today):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            statement("order_ended"),
            {
                "municipality": current.municipality_id,
                "programme": current.programme_id,
                "order": current.pk,
                "reason": ClosedReason.ORDER_ENDED,
                "today": today,
                "now": now,
                "by": by.name,
            },
        )
        citizen_ids = [citizen_id for (citizen_id,) in cursor.fetchall()]
    current.use_ended_at, current.use_ended_count = now, len(citizen_ids)
    current.save(update_fields=["use_ended_at", "use_ended_count"])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="listorder",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=_("Listebestilling udløbet"),
        detail={"closed": len(citizen_ids)},
        at=now,
    )
    signals.follow_ups_closed.send(
        sender=ListOrder,
        citizen_ids=citizen_ids,
        municipality_id=current.municipality_id,
        undone_since=None,
        now=now,
        by=by,
    )
    return len(citizen_ids)


def orders_over(today: date) -> list[tuple[int, int]]:
    """Municipality and key of the orders that have run out and are still in use. Needs no data context."""
    over = ListOrder.objects.filter(state=ListOrderState.APPROVED, expires_on__lt=today, use_ended_at=None)
    return list(over.order_by("pk").values_list("municipality_id", "pk"))


def _is_over(order: ListOrder, today: date) -> bool:
    if order.state == ListOrderState.CANCELLED:
        return True
    return order.state == ListOrderState.APPROVED and order.expires_on is not None and order.expires_on < today

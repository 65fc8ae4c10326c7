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
    if current.use_ended_at is not None or not _is_over(current, localdate(now)):
        return 0
    closed = _close(by, current, now)
    current.use_ended_at, current.use_ended_count = now, closed
    current.save(update_fields=["use_ended_at", "use_ended_count"])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="listorder",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=_("Listebestilling udløbet"),
        detail={"closed": closed},
        at=now,
    )
    return closed


def keep_use_ended(*, by: Actor, municipality_id: int, programme_id: int, now: datetime) -> int:
    """After an undo opened follow-ups again: those that stand on nothing but orders long over are closed; how many.

    In the transaction of the undo, which has the lock of commits and its own line in the access log.
    """
    ended = ListOrder.objects.filter(
        municipality_id=municipality_id, programme_id=programme_id, use_ended_at__isnull=False
    )
    return sum(_close(by, order, now) for order in ended.order_by("pk"))


def _close(by: Actor, order: ListOrder, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            statement("order_ended"),
            {
                "municipality": order.municipality_id,
                "programme": order.programme_id,
                "order": order.pk,
                "reason": ClosedReason.ORDER_ENDED,
                "today": localdate(now),
                "now": now,
                "by": by.name,
            },
        )
        citizen_ids = [citizen_id for (citizen_id,) in cursor.fetchall()]
    signals.follow_ups_closed.send(
        sender=ListOrder,
        citizen_ids=citizen_ids,
        municipality_id=order.municipality_id,
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

"""List orders: drafted here with the area's uptake, approved by SST for a stated purpose, and for a time (L2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import ListOrder, ListOrderState, Municipality, Programme, TargetGroup
from .commit_lock import commit_alone
from .list_order_ends import end_use
from .scope import require_municipality

S = ListOrderState
TRANSITIONS: dict[ListOrderState, frozenset[ListOrderState]] = {
    S.DRAFT: frozenset({S.SENT, S.APPROVED, S.CANCELLED}),
    S.SENT: frozenset({S.APPROVED, S.REFUSED, S.CANCELLED}),
    S.APPROVED: frozenset({S.CANCELLED}),
    S.REFUSED: frozenset(),
    S.CANCELLED: frozenset(),
}


@dataclass(frozen=True)
class Approval:
    """What the answer to an order says: its number, and the first and the last day on which it holds."""

    reference: str
    approved_on: date
    expires_on: date


@transaction.atomic
def create_list_order(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    reference: str,
    purpose: str,
    approved_on: date,
    expires_on: date,
    now: datetime,
) -> ListOrder:
    """Write down an approved order. `expires_on` is the last day on which lists may be committed under it (L2).

    Raises UserError `order_dates`, `order_purpose` or `order_exists`.
    """
    by.require(Permission.MANAGE_LIST_ORDERS)
    require_municipality(by, municipality)
    approval = Approval(reference.strip(), approved_on, expires_on)
    if not approval.reference or not purpose.strip():
        raise UserError("order_purpose", _("Skriv både bestillingens nummer og det formål, den er godkendt til."))
    _check_dates(approval)
    order = ListOrder(
        municipality=municipality,
        programme=programme,
        purpose=purpose.strip(),
        created_by_name=by.name,
        created_at=now,
    )
    _set_approval(order, approval)
    _record(by, order, Action.ADD, now)
    return order


@transaction.atomic
def draft_list_order(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    purpose: str,
    area: str,
    groups: list[str],
    uptake: dict[str, Any],
    now: datetime,
) -> ListOrder:
    """Draft an order with what argues for it; `uptake` as `ListOrder.uptake` has it, after disclosure control.

    `area`: where the effort is, in words; `groups`: target groups asked for, empty = all.
    Raises UserError `order_purpose`, `order_area`, `unknown_group`.
    """
    by.require(Permission.MANAGE_LIST_ORDERS)
    require_municipality(by, municipality)
    if not purpose.strip():
        raise UserError("order_purpose", _("Skriv, hvad listen skal bruges til."))
    if not area.strip():
        raise UserError("order_area", _("Vælg mindst ét område, eller skriv, hvor indsatsen er."))
    known = set(TargetGroup.objects.filter(programme=programme).values_list("code", flat=True))
    if unknown := [code for code in groups if code not in known]:
        text = _("Målgruppen %(groups)s findes ikke i programmet.")
        raise UserError("unknown_group", text % {"groups": ", ".join(unknown)})
    order = ListOrder.objects.create(
        municipality=municipality,
        programme=programme,
        state=S.DRAFT,
        purpose=purpose.strip(),
        area=area.strip()[:200],
        groups=groups,
        uptake=uptake,
        created_by_name=by.name,
        created_at=now,
    )
    _record(by, order, Action.ADD, now)
    return order


@transaction.atomic
def send_list_order(*, by: Actor, order: ListOrder, sent_on: date, now: datetime) -> ListOrder:
    """Note that a draft was sent for approval. Raises UserError `wrong_state`."""
    current = _to(by, order, S.SENT)
    current.sent_on = sent_on
    current.save()
    _record(by, current, Action.CHANGE, now)
    return current


@transaction.atomic
def approve_list_order(*, by: Actor, order: ListOrder, approval: Approval, now: datetime) -> ListOrder:
    """Write down SST's approval of a draft or a sent order; lists may be committed under it from then on (L2).

    Raises UserError `wrong_state`, `order_reference`, `order_dates`, `order_exists`.
    """
    current = _to(by, order, S.APPROVED)
    approval = Approval(approval.reference.strip(), approval.approved_on, approval.expires_on)
    if not approval.reference:
        raise UserError("order_reference", _("Skriv nummeret på godkendelsen."))
    _check_dates(approval)
    _set_approval(current, approval)
    _record(by, current, Action.CHANGE, now)
    return current


@transaction.atomic
def end_list_order(*, by: Actor, order: ListOrder, to: ListOrderState, because: str, now: datetime) -> ListOrder:
    """Refuse (`REFUSED`) or cancel (`CANCELLED`) an order; no list can be committed under it after that.

    Whom nothing but its lists names, and who has not answered, is not contacted any more (L2); undoing a list is a
    decision of its own. Raises UserError `wrong_state`, `reason`.
    """
    # Before the order's own lock, as a commit takes the two.
    commit_alone(order.municipality_id)
    current = _to(by, order, to)
    if not because.strip():
        raise UserError("reason", _("Skriv hvorfor. Begrundelsen bliver stående ved bestillingen."))
    current.ended_because = because.strip()[:300]
    current.save()
    _record(by, current, Action.CHANGE, now)
    if to == S.CANCELLED:
        end_use(by=by, order=current, now=now)
    current.refresh_from_db()
    return current


def _to(by: Actor, order: ListOrder, state: ListOrderState) -> ListOrder:
    """The order, locked, with its new state set and not yet saved."""
    by.require(Permission.MANAGE_LIST_ORDERS)
    require_municipality(by, order.municipality_id)
    current = ListOrder.objects.select_for_update(of=("self",)).select_related("programme").get(pk=order.pk)
    if state not in TRANSITIONS[ListOrderState(current.state)]:
        raise UserError(
            "wrong_state", _("Bestillingen er kommet videre imens. Genindlæs siden, og se, hvor den er nu.")
        )
    current.state = state
    return current


def _check_dates(approval: Approval) -> None:
    if approval.expires_on < approval.approved_on:
        raise UserError("order_dates", _("Bestillingen udløber, før den er godkendt. Ret datoerne."))


def _set_approval(order: ListOrder, approval: Approval) -> None:
    order.state = S.APPROVED
    order.reference, order.approved_on, order.expires_on = approval.reference, approval.approved_on, approval.expires_on
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        raise UserError(
            "order_exists", _("Bestillingen %(reference)s findes allerede.") % {"reference": approval.reference}
        ) from error


def _record(by: Actor, order: ListOrder, action: Action, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="listorder",
        subject_id=order.pk,
        municipality_id=order.municipality_id,
        purpose=_("Listebestilling"),
        detail={"state": order.state},
        at=now,
    )

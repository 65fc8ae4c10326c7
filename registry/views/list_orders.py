"""Orders of lists at SSI: which hold, what they are for, how often they were used, and how one becomes approved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.list_orders import ApprovalForm, EndOrderForm, ListOrderForm
from ..models import ListOrder, ListOrderState, Municipality
from ..presenters.list_orders import order_line, order_page
from ..selectors.list_pages import orders_of
from ..services.list_orders import (
    TRANSITIONS,
    approve_list_order,
    create_list_order,
    end_list_order,
    send_list_order,
)


@requires(Permission.MANAGE_LIST_ORDERS)
@require_GET
def list_orders(request: ActorRequest) -> HttpResponse:
    """The municipality's orders, those to be worked on first."""
    actor, now = request.actor, request.now
    rows = [order_line(order, localdate(now)) for order in orders_of(actor)]
    return render(request, "registry/list_orders.html", {"rows": rows})


@requires(Permission.MANAGE_LIST_ORDERS)
@require_http_methods(["GET", "POST"])
def list_order_create(request: ActorRequest) -> HttpResponse:
    """Write down an order that SST has approved."""
    actor, now = request.actor, request.now
    form = ListOrderForm(request.POST or None)
    if form.is_bound and form.is_valid():
        municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
        try:
            order = create_list_order(by=actor, municipality=municipality, now=now, **form.cleaned_data)
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Bestillingen %(reference)s er gemt.") % {"reference": order.reference})
            return redirect("registry:list_orders")
    return render(request, "registry/list_order_create.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.MANAGE_LIST_ORDERS)
@require_GET
def list_order_detail(request: ActorRequest, order_id: int) -> HttpResponse:
    """One order: what it asks for and why, ready to be printed and sent; what can become of it."""
    return _detail(request, _order(request, order_id))


@requires(Permission.MANAGE_LIST_ORDERS)
@require_POST
def list_order_send(request: ActorRequest, order_id: int) -> HttpResponse:
    """Note that the draft was sent for approval today."""
    order = _order(request, order_id)
    try:
        send_list_order(by=request.actor, order=order, sent_on=localdate(request.now), now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Bestillingen er noteret som sendt. Skriv svaret her, når det kommer."))
    return redirect("registry:list_order_detail", order.pk)


@requires(Permission.MANAGE_LIST_ORDERS)
@require_POST
def list_order_approve(request: ActorRequest, order_id: int) -> HttpResponse:
    """Write down the approval."""
    order, form = _order(request, order_id), ApprovalForm(request.POST)
    if form.is_valid():
        try:
            order = approve_list_order(by=request.actor, order=order, approval=form.approval(), now=request.now)
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Bestillingen %(reference)s er godkendt.") % {"reference": order.reference})
            return redirect("registry:list_order_detail", order.pk)
    return _detail(request, order, approval=form)


@requires(Permission.MANAGE_LIST_ORDERS)
@require_POST
def list_order_end(request: ActorRequest, order_id: int) -> HttpResponse:
    """Write down a refusal, or cancel the order."""
    order = _order(request, order_id)
    form = EndOrderForm(request.POST, endings=_endings(order))
    if form.is_valid():
        to = ListOrderState(form.cleaned_data["to"])
        try:
            end_list_order(by=request.actor, order=order, to=to, because=form.cleaned_data["because"], now=request.now)
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Bestillingen er lukket. Ingen lister kan indlæses under den."))
            return redirect("registry:list_order_detail", order.pk)
    return _detail(request, order, ending=form)


def _order(request: ActorRequest, order_id: int) -> ListOrder:
    return get_object_or_404(orders_of(request.actor), pk=order_id)


def _endings(order: ListOrder) -> list[ListOrderState]:
    possible = TRANSITIONS[ListOrderState(order.state)]
    return [state for state in (ListOrderState.REFUSED, ListOrderState.CANCELLED) if state in possible]


def _detail(
    request: ActorRequest,
    order: ListOrder,
    *,
    approval: ApprovalForm | None = None,
    ending: EndOrderForm | None = None,
) -> HttpResponse:
    possible = TRANSITIONS[ListOrderState(order.state)]
    invalid = any(form is not None and form.errors for form in (approval, ending))
    context = {
        "order": order,
        "page": order_page(order, localdate(request.now)),
        "may_send": ListOrderState.SENT in possible,
        "approval": (approval or ApprovalForm()) if ListOrderState.APPROVED in possible else None,
        "ending": (ending or EndOrderForm(endings=_endings(order))) if _endings(order) else None,
        "has_errors": invalid,
    }
    return render(request, "registry/list_order_detail.html", context, status=422 if invalid else 200)

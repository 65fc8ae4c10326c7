"""Orders of lists at SSI: which hold, what they are for, and how often they were used."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.list_orders import ListOrderForm
from ..models import Municipality
from ..presenters.list_orders import order_line
from ..selectors.list_pages import orders_of
from ..services.list_orders import create_list_order


@requires(Permission.MANAGE_LIST_ORDERS)
@require_GET
def list_orders(request: ActorRequest) -> HttpResponse:
    """The municipality's orders, those that hold longest first."""
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

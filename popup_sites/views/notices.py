"""The municipality's answer to a notice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.sessions import AcknowledgeForm
from ..models import SessionNotice
from ..services.notices import acknowledge_notice


@require_POST
@requires(Permission.ACKNOWLEDGE_POPUP_SITES)
def notice_acknowledge(request: ActorRequest, notice_id: int) -> HttpResponse:
    """Acknowledge a notice of one's own municipality, with a remark."""
    actor, now = request.actor, request.now
    notices = SessionNotice.objects.visible_to(actor).select_related("session")
    notice = get_object_or_404(notices, pk=notice_id)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Bemærkningen er for lang. Den kan højst fylde 400 tegn."))
        return redirect("popup_sites:site_detail", notice.session.site_id)
    try:
        acknowledge_notice(by=actor, notice=notice, now=now, remark=form.cleaned_data["remark"])
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Tak. Regionen kan nu se, at I ved besked."))
    return redirect("popup_sites:site_detail", notice.session.site_id)

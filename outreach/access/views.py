"""Switch between one's own roles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from outreach.errors import UserError

from .decorators import requires
from .permissions import Permission
from .requests import ActorRequest
from .services import switch_role as switch_role_service


@require_POST
@requires(Permission.SEE_OVERVIEW)
def switch_role(request: ActorRequest) -> HttpResponse:
    """Work in another of one's memberships, and start at the overview: the old page may be closed to the new role."""
    try:
        switch_role_service(
            by=request.actor,
            user=request.user,  # type: ignore[arg-type]
            session=request.session,
            membership_id=request.POST.get("membership", ""),
            now=request.now,
        )
    except UserError as error:
        messages.error(request, error.message)
    return redirect("/")

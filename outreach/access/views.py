"""Switch between one's own roles; keys for other systems."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from outreach.errors import UserError

from .api_keys import create_key, keys_of, revoke_key
from .decorators import requires
from .forms import ApiKeyForm
from .permissions import Permission
from .presenters import key_line
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


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_API_KEYS)
def api_keys(request: ActorRequest) -> HttpResponse:
    """The municipality's keys, and a new one: its secret is on the answer to this post and nowhere else."""
    form = ApiKeyForm(request.POST if request.method == "POST" else None)
    created = None
    if form.is_bound and form.is_valid():
        try:
            created = create_key(by=request.actor, now=request.now, **form.cleaned_data)
        except UserError as error:
            form.add_error("days" if error.code == "key_days" else "label", error.message)
        else:
            form = ApiKeyForm()
    context = {"form": form, "created": created, "keys": [key_line(row, request.now) for row in keys_of(request.actor)]}
    return render(request, "access/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.MANAGE_API_KEYS)
def api_key_revoke(request: ActorRequest) -> HttpResponse:
    """End a key at once."""
    try:
        row = revoke_key(by=request.actor, key_id=request.POST.get("key", ""), now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Nøglen til %(label)s er spærret.") % {"label": row.label})
    return redirect("access:api_keys")

"""Pages about the site itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (A7), open to everybody."""
    return render(request, "accessibility.html")

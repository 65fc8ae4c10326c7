"""The addresses base.html links to by name."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer with an empty page; nobody asks."""
    return HttpResponse()


urlpatterns = [
    path("log-ind/", nothing, name="account_login"),
    path("sprog/", nothing, name="set_language"),
    path("tilgaengelighed/", nothing, name="accessibility"),
]

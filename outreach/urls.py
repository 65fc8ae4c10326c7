"""Every address of the site. Pages have Danish paths: people read them."""

from allauth.account.views import login, logout
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from outreach.access.api_schema import SchemaApi
from outreach.design.views import accessibility

urlpatterns = [
    path("", include("outreach.health.urls")),
    # Only log-in and log-out of allauth: nobody signs up or resets a password by themselves.
    path("log-ind/", login, name="account_login"),
    path("log-ud/", logout, name="account_logout"),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("tilgaengelighed/", accessibility, name="accessibility"),
    path("api/schema/", SchemaApi.as_view(), name="api_schema"),
    path("adgang/", include("outreach.access.urls")),
    path("adgangslog/", include("outreach.audit.urls")),
    path("", include("registry.urls")),
    path("", include("campaigns.urls")),
    path("", include("popup_sites.urls")),
    path("", include("reports.urls")),
]

handler500 = "outreach.design.handlers.server_error"

"""Addresses of the pop-up pages. Danish paths: people read them."""

from django.urls import path

from .views import notices, sessions, sites

app_name = "popup_sites"
urlpatterns = [
    path("pop-up-steder/", sites.site_index, name="site_index"),
    path("pop-up-steder/opret/", sites.site_create, name="site_create"),
    path("pop-up-steder/<int:site_id>/", sites.site_detail, name="site_detail"),
    path("pop-up-steder/<int:site_id>/aabningstid/", sessions.session_create, name="session_create"),
    path("pop-up-steder/aabningstid/<int:session_id>/ret/", sessions.session_change, name="session_change"),
    path(
        "pop-up-steder/aabningstid/<int:session_id>/offentliggoer/",
        sessions.session_publish,
        name="session_publish",
    ),
    path("pop-up-steder/aabningstid/<int:session_id>/aflys/", sessions.session_cancel, name="session_cancel"),
    path("pop-up-steder/besked/<int:notice_id>/kvitter/", notices.notice_acknowledge, name="notice_acknowledge"),
]

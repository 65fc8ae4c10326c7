"""Addresses of the health pages; without trailing slash, as load balancers are told."""

from django.urls import path

from outreach.health import views

app_name = "health"
urlpatterns = [
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
    path("status", views.status, name="status"),
]

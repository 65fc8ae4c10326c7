"""Addresses of the auditor's answer to a citizen who asks."""

from django.urls import path

from ..views import insight

urlpatterns = [
    path("indsigt/", insight.insight_report, name="insight"),
    path("indsigt/fil/", insight.insight_file, name="insight_file"),
]

"""Health pages."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Has views only."""

    name = "outreach.health"
    label = "health"

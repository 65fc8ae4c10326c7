"""App configuration of the design layer (template tags, form renderer)."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Holds template tags and form templates only; it has no models."""

    name = "outreach.design"
    label = "design"

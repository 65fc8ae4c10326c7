"""Django's view of this package: the migrate command and the check of the database role."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EmbeddedConfig(AppConfig):
    """Has commands and checks, no models."""

    name = "outreach.embedded"
    label = "embedded"

    def ready(self) -> None:
        from outreach.embedded.checks import check_app_role

        register(check_app_role, Tags.database)

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "outreach.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Adgang"

    def ready(self) -> None:
        from . import receivers  # noqa: F401  registers the signal receivers

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tal"

    def ready(self) -> None:
        from . import receivers  # noqa: F401  connects the signals

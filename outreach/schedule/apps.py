"""Loads the Celery application with Django, so that shared tasks find it."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """Periodic jobs."""

    name = "outreach.schedule"
    label = "schedule"
    verbose_name = "Tidsplan"

    def ready(self) -> None:
        from outreach import celery  # noqa: F401  makes it the current application

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "outreach.clock"
    label = "clock"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Ur"

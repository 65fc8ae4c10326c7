from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Numbers, segments and gateways. Knows numbers and texts, never citizens."""

    name = "outreach.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

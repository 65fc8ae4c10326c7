from django.apps import AppConfig
from django.core.checks import Tags, register


class PrivacyConfig(AppConfig):
    """Encrypted fields, masking, redaction, field classification and row security."""

    name = "outreach.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outreach.privacy.canary import check_keys

        register(check_keys, Tags.database)

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class PrivacyConfig(AppConfig):
    """Encrypted fields, masking, redaction, field classification and row security."""

    name = "outreach.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outreach.privacy.canary import check_keys, verify_after_migration

        register(check_keys, Tags.database)
        # The canaries are laid before the first personal row can be.
        post_migrate.connect(verify_after_migration, sender=self)

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Kontakt"

    def ready(self) -> None:
        from . import receivers  # noqa: F401  connects them
        from .models import SmsPurpose
        from .services.bookings.reminders import still_due
        from .services.messages import rechecks
        from .services.waves.recheck import no_longer_wanted

        rechecks.register(SmsPurpose.REMINDER, still_due)
        rechecks.register(SmsPurpose.RECEIPT, still_due)
        rechecks.register(SmsPurpose.WAVE, no_longer_wanted)

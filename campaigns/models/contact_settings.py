"""A municipality's own sending window, and the history of its contact plan: who changed what, when (S4, K2)."""

from django.db import models
from django.db.models import F, Q

from registry.models import Municipality, Programme


class ContactSettings(models.Model):
    """When a municipality's messages may go (S4). Without a row the common one holds: 9 to 20, Monday to Saturday."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="contact_settings")
    opens = models.PositiveSmallIntegerField(default=9, help_text="the hour from which SMS may go")
    closes = models.PositiveSmallIntegerField(default=20, help_text="the hour from which they may not")
    sundays = models.BooleanField(default=False)
    holidays = models.BooleanField(default=False)
    # How fast held messages are let go, so that those who ring back find somebody at the telephone.
    messages_per_minute = models.PositiveSmallIntegerField(default=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sending_window_by_day", condition=Q(opens__gte=8, closes__lte=21) & Q(opens__lt=F("closes"))
            ),
            models.CheckConstraint(name="messages_are_sent", condition=Q(messages_per_minute__gte=1)),
        ]

    def __str__(self) -> str:
        return f"contact settings of {self.municipality_id}"


class ContactPlanChange(models.Model):
    """Append-only: one saved version of a programme's contact plan, or of the sending window (no programme).

    `before` and `after` are whole plans as `campaigns.contact_plans` writes them, so that each can be put back.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["municipality", "-at"], name="contact_plan_change_by_time")]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"change {self.pk} of a contact plan"

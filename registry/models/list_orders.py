"""Orders of lists at SSI: drafted with the area's uptake, approved by SST for a purpose, and for a time (L2)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from .geography import Municipality
from .programmes import Programme


class ListOrderState(models.TextChoices):
    """Whether it holds on a day is said by its dates (`ListOrder.holds_on`), not by its state."""

    DRAFT = "draft", _("Kladde")
    SENT = "sent", _("Sendt til godkendelse")
    APPROVED = "approved", _("Godkendt")
    REFUSED = "refused", _("Ikke godkendt")
    CANCELLED = "cancelled", _("Annulleret")


class ListOrderQuerySet(models.QuerySet["ListOrder"]):
    def visible_to(self, actor: Actor) -> ListOrderQuerySet:
        """The orders of the actor's own municipality, for those who order lists."""
        if not actor.may(Permission.MANAGE_LIST_ORDERS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def approved(self) -> ListOrderQuerySet:
        return self.filter(state=ListOrderState.APPROVED)


class ListOrder(models.Model):
    """An order at SSI, approved by SST on uptake and a stated purpose [000]; expiry and its own purpose are ours (L2).

    `uptake` is what the order was argued with, copied at the time: {"as_of", "source", "kind", "rows": [uptake row…]}
    after disclosure control, because it leaves the municipality (D4).
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ListOrderState, default=ListOrderState.APPROVED)
    reference = models.CharField(max_length=60, blank=True, help_text="the approval's own number")
    purpose = models.TextField()
    area = models.CharField(max_length=200, blank=True, help_text="where the effort is, in words")
    groups = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    uptake = models.JSONField(default=dict, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True, help_text="why it was refused or cancelled")
    # L2: when those that only its lists name were let go, and how many.
    use_ended_at = models.DateTimeField(null=True, blank=True)
    use_ended_count = models.PositiveIntegerField(default=0)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    objects = ListOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "programme", "reference"],
                condition=~Q(reference=""),
                name="list_order_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=models.F("approved_on")), name="list_order_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(approved_on__isnull=False, expires_on__isnull=False) & ~Q(reference="")),
                name="approved_list_order_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"list order {self.pk}"

    def holds_on(self, day: date) -> bool:
        """Whether lists may be committed under it on that day (L2)."""
        return (
            self.state == ListOrderState.APPROVED
            and self.approved_on is not None
            and self.expires_on is not None
            and self.approved_on <= day <= self.expires_on
        )

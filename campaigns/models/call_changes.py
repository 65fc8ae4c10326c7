"""What a team lead changed in the call queue, so that a slip of the hand can be undone (K4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import Municipality

from .calls import CallTask


class QueueChangeKind(models.TextChoices):
    ASSIGNED = "assigned", _("Tildelt")
    RELEASED = "released", _("Givet fri")
    TAKEN_OVER = "taken_over", _("Taget over")


class CallTaskChange(models.Model):
    """One call handed on: who had it before. Changes made by one press of a button share a `batch`."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(CallTask, on_delete=models.CASCADE, related_name="changes")
    batch = models.UUIDField()
    kind = models.CharField(max_length=12, choices=QueueChangeKind)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    # Users' keys without a constraint: what stood before is a record, not a relation.
    assigned_before = models.BigIntegerField(null=True)
    assigned_after = models.BigIntegerField(null=True)
    claimed_before = models.BigIntegerField(null=True)
    claimed_until_before = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "task"], name="call_change_once_per_batch")]

    def __str__(self) -> str:
        return f"change {self.pk} of call task {self.task_id}"

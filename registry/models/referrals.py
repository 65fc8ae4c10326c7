"""Who may still see a referred citizen for a while after the matter has left their hands (A1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .citizens import Citizen
from .geography import Municipality


class ReferredAccess(models.Model):
    """A health adviser who has just finished a talk sees that citizen until `until`, to finish what they write."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="referred_accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["citizen", "user", "until"], name="referred_access_by_citizen")]

    def __str__(self) -> str:
        return f"referred access {self.pk}"

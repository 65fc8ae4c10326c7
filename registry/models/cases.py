"""Cases opened by hand for somebody who called in (L9)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.privacy.fields import EncryptedTextField

from .follow_ups import FollowUp
from .geography import Municipality


class CalledBy(models.TextChoices):
    CITIZEN = "citizen", _("Borgeren selv")
    RELATIVE = "relative", _("En pårørende")
    GUARDIAN = "guardian", _("En værge")
    STAFF = "staff", _("En medarbejder")


class Case(models.Model):
    """One time somebody asked for a follow-up: who called, and why. A follow-up may have several."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="cases")
    called_by = models.CharField(max_length=10, choices=CalledBy)
    caller_name = models.CharField(max_length=200, blank=True)
    reason = EncryptedTextField(kind="case_reason")
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

"""One row for each gateway: whether messages go out, why not, and how fast they may (S5, F16, F17).

All times are the database's (F28): several workers on several machines read the same clock.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineState(models.TextChoices):
    RUNNING = "running", _("Sender")
    # The gateway does not answer: one message tries again after a while, and nobody need do anything (F16).
    PAUSED = "paused", _("Pause – operatøren svarer ikke")
    # Our own account is refused: a person must do something; one message tries now and then all the same (F17).
    STOPPED = "stopped", _("Standset – kontoen afvises")


class GatewayState(models.Model):
    """The circuit breaker and the token bucket of a gateway."""

    gateway = models.CharField(max_length=20, primary_key=True)
    state = models.CharField(max_length=8, choices=LineState, default=LineState.RUNNING)
    since = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True, help_text="the gateway's code, or what happened")
    danish = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row, without any answer in between")
    probes = models.PositiveIntegerField(default=0, help_text="that failed since the line was closed")
    probe_at = models.DateTimeField(null=True)
    # Somebody's one message is on its way as a probe, until then at most.
    probing_until = models.DateTimeField(null=True)
    # The gateway asked us to wait (429).
    slow_until = models.DateTimeField(null=True)
    slowed = models.PositiveIntegerField(default=0, help_text="times in a row")
    tokens = models.FloatField(default=0)
    tokens_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gateway}: {self.state}"

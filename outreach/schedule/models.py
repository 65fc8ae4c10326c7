"""Claimed slots of periodic jobs, and when the clock last ticked."""

from django.db import models


class PeriodicRun(models.Model):
    """Somebody has taken this job for this slot; the unique row is the whole protection (F25)."""

    job = models.CharField(max_length=80)
    slot = models.DateTimeField()  # start of the interval, UTC
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="schedule_one_run_per_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """When a part of the installation last showed that it lives (F26)."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"

"""The clock a demo installation keeps, so that its weeks of April 2021 do not become overdue today."""

from django.db import models


class StoredClock(models.Model):
    """At most one row. Without it the time is the database's own `now()`.

    `shown_time` is what the clock showed at the real moment `resumed_at`; it runs on from there and
    stops at the end of that day, so that a demo left running overnight still says the same date.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    shown_time = models.DateTimeField()
    resumed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_single_row")]

    def __str__(self) -> str:
        return f"demo clock {self.shown_time:%Y-%m-%d %H:%M}"

"""The canary: one row per key in use, so that a wrong key is noticed before anything is written with it."""

from django.db import models


class KeyCanary(models.Model):
    """What a known text becomes under one version of one key. A wrong key gives something else (F42)."""

    class Purpose(models.TextChoices):
        ENCRYPTION = "encryption"
        INDEX = "index"

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    proof = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="key_canary_one_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class ErasureRun(models.Model):
    """What the erasure of one kind has done so far: the report beside the period (A5). Numbers only."""

    kind = models.CharField(max_length=40, unique=True)
    last_run_at = models.DateTimeField()
    last_erased_at = models.DateTimeField(null=True)
    last_number = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind

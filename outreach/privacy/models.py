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

"""What a person said about a sender's columns, so that the same file is never asked about twice (L1)."""

from __future__ import annotations

from django.db import models

from .geography import Municipality


class ColumnMapping(models.Model):
    """One header of one sender, as a person mapped it. Names of columns only: never a cell of a file."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.CharField(max_length=60)
    sender_key = models.CharField(max_length=60, help_text="the sender without case and spaces")
    specification = models.CharField(max_length=20, help_text='what the file is: "list"')
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the header without case, spaces and order")
    header = models.JSONField()
    mapping = models.JSONField(help_text='our column name → their header; "" = not in the file')
    confirmed_by_name = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "sender_key", "specification", "fingerprint"], name="column_mapping_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.specification}"

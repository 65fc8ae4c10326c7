"""The console gateway's outbox; callbacks are in `webhook_events`, the state of the line in `line_state`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now

from outreach.messaging.line_state import GatewayState, LineState
from outreach.messaging.refused_senders import RefusedSender
from outreach.messaging.webhook_events import EventKind, EventResult, GatewayEvent, MessageRoute, NumberRoute
from outreach.privacy.fields import EncryptedTextField
from outreach.privacy.sealing import unseal

__all__ = [
    "EventKind",
    "EventResult",
    "GatewayEvent",
    "GatewayState",
    "LineState",
    "MessageRoute",
    "NumberRoute",
    "OutboxMessage",
    "RefusedSender",
]


class OutboxMessage(models.Model):
    """A message as the console gateway got it. Belongs to no municipality: a gateway knows numbers only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.UUIDField(unique=True)
    number_sealed = models.BinaryField()
    number_index = models.BinaryField(max_length=32, db_index=True)
    body = EncryptedTextField(kind="outbox_body")
    sender = models.CharField(max_length=20)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"SMS {self.reference}"

    @property
    def number(self) -> str:
        """The receiver in E.164."""
        return unseal("phone", self.number_sealed, self.number_index)

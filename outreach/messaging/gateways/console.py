"""The embedded default: messages land in a table of our own instead of on a phone."""

from __future__ import annotations

import logging
from uuid import UUID

from outreach.messaging.gateways.base import Accepted
from outreach.messaging.models import OutboxMessage
from outreach.privacy.masking import mask_phone
from outreach.privacy.sealing import seal

logger = logging.getLogger(__name__)


class ConsoleGateway:
    """Stores each message once per reference; sending the same reference again gives the same id."""

    name = "console"

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        """Stores the message sealed and logs one line without number or text. It is there at once: never too late."""
        number = seal("phone", to)
        message, created = OutboxMessage.objects.get_or_create(
            reference=reference,
            defaults={
                "number_sealed": number.ciphertext,
                "number_index": number.index,
                "body": body,
                "sender": sender,
            },
        )
        if created:
            logger.info("SMS %s to %s stored in the outbox", reference, mask_phone(to))
        return Accepted(gateway_id=str(message.id))

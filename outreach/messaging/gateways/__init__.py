"""Picks the gateway by name."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from outreach.messaging.gateways.base import (
    Accepted,
    Gateway,
    GatewayAccountTrouble,
    GatewayInDoubt,
    GatewayMessage,
    GatewayRefused,
    GatewayRetryable,
    GatewaySenderTrouble,
    NumberFate,
    TracingGateway,
)

__all__ = [
    "Accepted",
    "Gateway",
    "GatewayAccountTrouble",
    "GatewayInDoubt",
    "GatewayMessage",
    "GatewayRefused",
    "GatewayRetryable",
    "GatewaySenderTrouble",
    "NumberFate",
    "TracingGateway",
    "get_gateway",
    "open_gateway",
]

# By path, because a gateway may need models that are not loaded when this package is imported.
GATEWAYS = {
    "console": "outreach.messaging.gateways.console.ConsoleGateway",
    "twilio": "outreach.messaging.gateways.twilio.TwilioGateway",
}


def get_gateway(name: str | None = None) -> Gateway:
    """The gateway called `name`, else the one in settings.SMS_GATEWAY, else the console's.

    Raises ImproperlyConfigured for a name nobody knows, and for one whose credentials are missing.
    """
    name = name or getattr(settings, "SMS_GATEWAY", "console")
    if name not in GATEWAYS:
        raise ImproperlyConfigured(f"SMS_GATEWAY {name!r} is unknown; known are: {', '.join(sorted(GATEWAYS))}.")
    gateway: Gateway = import_string(GATEWAYS[name])()
    return gateway


@contextmanager
def open_gateway(name: str | None = None) -> Iterator[Gateway]:
    """`get_gateway`, with its connections closed when the block ends."""
    gateway = get_gateway(name)
    try:
        yield gateway
    finally:
        if close := getattr(gateway, "close", None):
            close()

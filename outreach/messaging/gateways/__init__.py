"""Picks the gateway by name."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from outreach.messaging.gateways.base import (
    Accepted,
    Gateway,
    GatewayInDoubt,
    GatewayRefused,
    GatewayRetryable,
)

__all__ = [
    "Accepted",
    "Gateway",
    "GatewayInDoubt",
    "GatewayRefused",
    "GatewayRetryable",
    "get_gateway",
]

# By path, because a gateway may need models that are not loaded when this package is imported.
GATEWAYS = {"console": "outreach.messaging.gateways.console.ConsoleGateway"}


def get_gateway(name: str | None = None) -> Gateway:
    """The gateway called `name`, else the one in settings.SMS_GATEWAY, else the console's.

    Raises ImproperlyConfigured for a name nobody knows.
    """
    name = name or getattr(settings, "SMS_GATEWAY", "console")
    if name not in GATEWAYS:
        raise ImproperlyConfigured(f"SMS_GATEWAY {name!r} is unknown; known are: {', '.join(sorted(GATEWAYS))}.")
    gateway: Gateway = import_string(GATEWAYS[name])()
    return gateway

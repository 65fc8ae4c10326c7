"""The Twilio gateway, through the official SDK (S1). What a failure means is decided here, and only here (S5).

Nothing is ever sent a second time by this module, and nothing of number or text is logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, ProxyError, RequestException, SSLError
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as PoolProxyError

from outreach.messaging.gateways.base import (
    Accepted,
    GatewayAccountTrouble,
    GatewayInDoubt,
    GatewayMessage,
    GatewayRefused,
    GatewayRetryable,
    GatewaySenderTrouble,
)
from outreach.messaging.gateways.twilio_errors import ErrorKind, explain
from outreach.messaging.gateways.twilio_http import READ_SECONDS, BoundedHttpClient

# Twilio's own bounds for how long a message may wait in its queue, in seconds.
SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000
PAGE = 1000
CALLBACK_PATH = "/webhooks/twilio/status/{reference}/"


class TwilioGateway:
    """One account. Safe to call from `settings.SMS_THREADS` threads at once, each on a connection of its own."""

    name = "twilio"

    def __init__(self, *, read_seconds: float = READ_SECONDS) -> None:
        if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
            raise ImproperlyConfigured("SMS_GATEWAY is twilio: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed.")
        self._http = BoundedHttpClient(
            base_url=settings.TWILIO_API_URL,
            proxy=settings.TWILIO_PROXY,
            connections=settings.SMS_THREADS,
            read_seconds=read_seconds,
        )
        # environment={}: the SDK would else look for an edge or region that nobody set here.
        self._client = Client(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=self._http, environment={"": ""}
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        """Hand one message over; the callback's address carries our reference (SW07)."""
        wanted: dict[str, Any] = {"to": to, "body": body, **_sender(sender)}
        # Ours are counted and priced as they are; the gateway replaces no characters (S2).
        wanted["smart_encoded"] = False
        if settings.PUBLIC_URL:
            wanted["status_callback"] = settings.PUBLIC_URL + CALLBACK_PATH.format(reference=reference)
        if valid_seconds is not None:
            wanted["validity_period"] = min(max(valid_seconds, SHORTEST_VALIDITY), LONGEST_VALIDITY)
        try:
            created = self._client.messages.create(**wanted)
        except (TwilioRestException, TwilioServiceException) as error:
            raise self._answered(error) from None
        except RequestException as error:
            raise unanswered(error) from None
        except (TwilioException, ValueError) as error:  # an answer that cannot be read
            raise GatewayInDoubt(type(error).__name__) from None
        if not created.sid:
            raise GatewayInDoubt("no_sid")
        return Accepted(created.sid)

    def sent_between(
        self, *, first: datetime, last: datetime, to: str | None = None, limit: int
    ) -> Iterator[GatewayMessage]:
        """What the account has sent, after Twilio's list; messages still in its queue are not in it."""
        wanted: dict[str, Any] = {"date_sent_after": first, "date_sent_before": last + timedelta(seconds=1)}
        if to is not None:
            wanted["to"] = to
        try:
            for each in self._client.messages.stream(**wanted, limit=limit, page_size=min(limit, PAGE)):
                if each.direction in ("inbound", None) or not each.sid:
                    continue
                yield GatewayMessage(
                    gateway_id=each.sid,
                    to=each.to or "",
                    body=each.body or "",
                    status=str(each.status or ""),
                    error_code=str(each.error_code or ""),
                    created_at=(each.date_created or first).astimezone(UTC),
                )
        except TwilioException as error:
            raise _reading(error) from None
        except (RequestException, ValueError) as error:
            raise GatewayRetryable(type(error).__name__) from None

    def _answered(self, error: TwilioException) -> Exception:
        """What an error answer to a create request means. 4xx: certainly not sent. 5xx: nobody knows (F15)."""
        status, code = int(error.status), str(error.code or error.status)
        meaning = explain(code)
        if status == 429:
            # Never processed, says Twilio, and safe to repeat after a while.
            return GatewayRetryable(code, unreachable=False, retry_after=self._http.retry_after())
        if status in (401, 403, 404) and not (meaning.known and meaning.kind != ErrorKind.ACCOUNT):
            return GatewayAccountTrouble(code, meaning.danish if meaning.known else explain(20003).danish)
        if status == 408 or not 400 <= status < 500:
            return GatewayInDoubt(f"http_{status}")
        if meaning.kind == ErrorKind.ACCOUNT:
            return GatewayAccountTrouble(code, meaning.danish)
        if meaning.kind == ErrorKind.SENDER:
            # One that the installation sets for everybody fails for everybody.
            trouble = GatewayAccountTrouble if _shared_sender() else GatewaySenderTrouble
            return trouble(code, meaning.danish)
        if meaning.known and meaning.kind == ErrorKind.RETRYABLE:
            return GatewayRetryable(code, unreachable=False, retry_after=self._http.retry_after())
        return GatewayRefused(code, meaning.danish, meaning.fate)


def unanswered(error: RequestException) -> GatewayRetryable | GatewayInDoubt:
    """Whether a request that brought no answer can have reached anybody.

    Only what failed while connecting is certain: no address, refused, time-out before the connection stood, a
    certificate that does not verify. A connection that broke, also a kept one that the other end had closed, or a read
    time-out came after at least a part was written.
    """
    if isinstance(error, ConnectTimeout):
        return GatewayRetryable("connect_timeout")
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(error, ProxyError) and isinstance(reason, PoolProxyError):
        reason = reason.original_error
    if isinstance(error, RequestsConnectionError) and isinstance(reason, (NewConnectionError, ConnectTimeoutError)):
        return GatewayRetryable("not_connected")
    if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return GatewayRetryable("certificate")
    return GatewayInDoubt(type(error).__name__)


def _sender(sender: str) -> dict[str, str]:
    """A number of our own can be answered; a name cannot. A messaging service chooses among its own senders."""
    if settings.TWILIO_MESSAGING_SERVICE_SID:
        return {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
    return {"from_": settings.TWILIO_FROM or sender}


def _shared_sender() -> bool:
    return bool(settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_FROM)


def _reading(error: TwilioException) -> GatewayAccountTrouble | GatewayRetryable:
    """Reading the list sends nothing, so it is never in doubt. The SDK hands over the bare answer as an argument."""
    status = next((int(each.status_code) for each in error.args if hasattr(each, "status_code")), 0)
    if status in (401, 403, 404):
        return GatewayAccountTrouble(str(status), explain(20003).danish)
    return GatewayRetryable(f"http_{status}", unreachable=status != 429)

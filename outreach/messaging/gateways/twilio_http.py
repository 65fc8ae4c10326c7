"""The official SDK's HTTP client, bounded and silent: own address, time-outs, pool; no personal data in its logs."""

from __future__ import annotations

import logging
import threading
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import Session
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

CONNECT_SECONDS = 5.0
# Twilio answers in 0.1 s; whoever has not after this is in doubt.
READ_SECONDS = 30.0
# The SDK writes number and text of every request at INFO, urllib3 the query (which may hold a number) at DEBUG.
_SILENT = logging.getLogger("outreach.messaging.twilio_http")
_SILENT.propagate = False
_SILENT.addHandler(logging.NullHandler())
logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)


class BoundedHttpClient(TwilioHttpClient):
    """Connections are kept between requests, one for each sending thread; nothing is ever tried a second time."""

    def __init__(
        self, *, base_url: str = "", proxy: str = "", connections: int = 10, read_seconds: float = READ_SECONDS
    ) -> None:
        super().__init__(
            pool_connections=False, logger=_SILENT, proxy={"http": proxy, "https": proxy} if proxy else None
        )
        self._base = urlsplit(base_url) if base_url else None
        # Connecting and reading apart; the SDK's own argument takes one figure for both.
        self.timeout = (CONNECT_SECONDS, read_seconds)
        self._last = threading.local()
        # pool_block: a thread waits for a connection rather than opening one that is thrown away afterwards.
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0, pool_block=True)
        self.session = Session()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, adapter)
        # Credentials and the way out are ours to say: no .netrc, no proxy from the environment.
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """One request, at our base address where one is set, under our time-outs."""
        kwargs["timeout"] = None  # never another than ours
        self._last.retry_after = None
        response: Response = super().request(method, self._at_base(url), *args, **kwargs)
        # The SDK keeps the last request for its own tests: number and text, for as long as we live.
        self._test_only_last_request = self._test_only_last_response = None
        self._last.retry_after = (response.headers or {}).get("Retry-After")
        return response

    def retry_after(self) -> float | None:
        """Seconds the last answer to this thread asked us to wait; None when it named none."""
        text = getattr(self._last, "retry_after", None) or ""
        return float(text) if text.isascii() and text.isdigit() else None

    def close(self) -> None:
        """Close every connection."""
        self.session.close()

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the request holds number and text."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Nothing: the answer repeats both."""

    def _at_base(self, url: str) -> str:
        if self._base is None:
            return url
        parts = urlsplit(url)
        return urlunsplit(parts._replace(scheme=self._base.scheme, netloc=self._base.netloc))

"""A stateful double of Twilio's Messages API, in a process of its own: create, fetch, list, callbacks, inbound.

    python -m tests.fakes.twilio_server PORT_FILE LOG_FILE

Speaks what Twilio publishes (the same OpenAPI document checks its answers, see test_twilio_contract.py), and
misbehaves as told under /__control/. Each accepted create is one line in LOG_FILE before anything is answered, so that
duplicates are counted by what a phone would see.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "0123456789abcdef0123456789abcdef"
PREFIX = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
# Numbers that Twilio's own test credentials treat so.
MAGIC = {
    "+15005550001": (21211, "The 'To' number +15005550001 is not a valid phone number."),
    "+15005550002": (21612, "The 'To' phone number: +15005550002, is not currently reachable."),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number is not a valid mobile number"),
}


class State:
    """What the account has sent, and how it is to behave."""

    def __init__(self, log: str) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.lock = threading.Lock()
        self.messages: dict[str, dict[str, Any]] = {}
        self.callbacks: dict[str, str] = {}
        self.latency = 0.0
        self.token = TOKEN
        self.receipts: list[str] = []
        self.faults: list[dict[str, Any]] = []
        self.requests = 0
        self.offset = 0.0  # seconds that this account's clock differs from the machine's

    def now(self) -> datetime:
        """The account's time."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def next_fault(self) -> dict[str, Any]:
        """The behaviour of this request: each fault holds for `times` requests, then the next one."""
        with self.lock:
            self.requests += 1
            if not self.faults:
                return {}
            fault = self.faults[0]
            fault["times"] = fault.get("times", 1) - 1
            if not fault["times"]:
                self.faults.pop(0)
            return fault

    def accept(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a message in: from here on a phone would get it."""
        now = self.now()
        sid = "SM" + uuid4().hex
        service = form.get("MessagingServiceSid")
        message = {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form["Body"],
            "date_created": format_datetime(now),
            "date_sent": None if service else format_datetime(now),
            "date_updated": format_datetime(now),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": service,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "accepted" if service else "queued",
            "subresource_uris": {"media": f"{PREFIX}/{sid}/Media.json"},
            "to": form["To"],
            "uri": f"{PREFIX}/{sid}.json",
        }
        with self.lock:
            self.messages[sid] = message
            self.callbacks[sid] = form.get("StatusCallback", "")
        os.write(self.log, json.dumps({"sid": sid, "at": time.time(), **form}).encode() + b"\n")
        return message

    def set_status(self, sid: str, status: str, error_code: int | None = None) -> None:
        """As the carrier would report it."""
        with self.lock:
            message = self.messages[sid]
            message["status"], message["error_code"] = status, error_code
            message["date_sent"] = message["date_sent"] or format_datetime(self.now())

    def call_back(self, sid: str, status: str, error_code: int | None = None, url: str = "") -> int:
        """One signed status callback; the status it was answered with, 0 for nobody there."""
        message = self.messages[sid]
        fields = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": message["from"] or "",
            "MessageSid": sid,
            "MessageStatus": status,
            "SmsSid": sid,
            "SmsStatus": status,
            "To": message["to"],
        }
        if error_code is not None:
            fields["ErrorCode"] = str(error_code)
        return self.post_signed(url or self.callbacks[sid], fields)

    def post_signed(self, url: str, fields: dict[str, str], reach: str = "") -> int:
        """Post as Twilio does. `reach`: where the address is served, when that is not what it says."""
        signature = RequestValidator(self.token).compute_signature(url, fields)
        request = urllib.request.Request(
            (reach + urlsplit(url).path) if reach else url,
            data=urlencode(fields).encode(),
            headers={"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


class Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, so that it is kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: State

    def log_message(self, *_args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        if self.path.startswith("/__control/"):
            self._answer(200, self._report())
        elif self._admitted():
            parts = urlsplit(self.path)
            if parts.path == f"{PREFIX}.json":
                self._answer(200, self._page(parse_qs(parts.query, keep_blank_values=True)))
            elif (sid := parts.path.removeprefix(PREFIX + "/").removesuffix(".json")) in self.state.messages:
                self._answer(200, self.state.messages[sid])
            else:
                self._error(404, 20404, f"The requested resource {parts.path} was not found")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/__control/"):
            self._answer(200, self._control(self.path.removeprefix("/__control/"), json.loads(raw or b"{}")))
            return
        form = {name: values[0] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
        fault = self.state.next_fault()
        time.sleep(fault.get("latency", self.state.latency))
        mode = fault.get("mode", "")
        if mode == "hang":  # the request was read, no answer ever comes
            if fault.get("accept", True):
                self.state.accept(form)
            time.sleep(fault.get("seconds", 60))
            self.close_connection = True
        elif mode == "cut":  # dies in the middle of its answer
            self.state.accept(form)
            self._cut()
        elif mode == "drop":  # dies before it answers at all
            self.close_connection = True
            self.connection.close()
        elif mode == "error":
            if fault.get("accept"):
                self.state.accept(form)
            self._error(fault["status"], fault.get("code"), "As told", fault.get("headers", {}))
        elif mode == "nonsense":
            self.state.accept(form)
            self._raw(201, b"<html>not what you expect</html>", {"Content-Type": "text/html"})
        elif self._admitted():
            self._create(form)

    def _create(self, form: dict[str, str]) -> None:
        to, body = form.get("To", ""), form.get("Body", "")
        if self.path != f"{PREFIX}.json":
            self._error(404, 20404, f"The requested resource {self.path} was not found")
        elif not to:
            self._error(400, 21604, "A 'To' phone number is required.")
        elif to in MAGIC:
            self._error(400, *MAGIC[to])
        elif not to.startswith("+") or not to[1:].isdigit():
            self._error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        elif not body:
            self._error(400, 21602, "Message body is required.")
        elif len(body) > 1600:
            self._error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        elif not (form.get("From") or form.get("MessagingServiceSid")):
            self._error(400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required.")
        elif not 1 <= int(form.get("ValidityPeriod", "36000")) <= 36_000:
            self._error(400, 21624, "Invalid validity period value")
        else:
            message = self.state.accept(form)
            answered = dict(message)
            if self.state.receipts:
                threading.Thread(target=self._report_back, args=(message["sid"],), daemon=True).start()
            self._answer(201, answered)

    def _report_back(self, sid: str) -> None:
        for status in list(self.state.receipts):
            self.state.set_status(sid, status)
            if self.state.callbacks[sid]:
                self.state.call_back(sid, status)

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """One page, newest first, after To, From and DateSent; messages not sent yet have no date to match."""
        size, page = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
        with self.state.lock:
            found = [dict(each) for each in reversed(self.state.messages.values())]
        for field in ("To", "From"):
            if field in query:
                found = [each for each in found if each[field.lower()] == query[field][0]]
        bounds = [
            datetime.fromisoformat(query[name][0]) if name in query else None for name in ("DateSent>", "DateSent<")
        ]
        if any(bounds):
            found = [each for each in found if each["date_sent"] and _between(each["date_sent"], *bounds)]
        shown = found[page * size : (page + 1) * size]
        kept = {name: values[0] for name, values in query.items() if name not in ("Page", "PageToken")}
        address = f"{PREFIX}.json?" + urlencode({**kept, "PageSize": size})
        more = (page + 1) * size < len(found)
        return {
            "end": page * size + max(len(shown) - 1, 0),
            "first_page_uri": f"{address}&Page=0",
            "messages": shown,
            "next_page_uri": f"{address}&Page={page + 1}&PageToken=PA{page + 1}" if more else None,
            "page": page,
            "page_size": size,
            "previous_page_uri": f"{address}&Page={page - 1}" if page else None,
            "start": page * size,
            "uri": f"{address}&Page={page}",
        }

    def _control(self, what: str, told: dict[str, Any]) -> dict[str, Any]:
        state = self.state
        if what == "set":
            for name, value in told.items():
                setattr(state, name, value)
        elif what == "status":
            state.set_status(told["sid"], told["status"], told.get("error_code"))
        elif what == "callback":
            times = range(told.get("times", 1))
            return {"answers": [state.call_back(told["sid"], told["status"], told.get("error_code")) for _ in times]}
        elif what == "inbound":
            return {"answer": state.post_signed(told["url"], told["fields"], told.get("reach", ""))}
        return {}

    def _report(self) -> dict[str, Any]:
        with self.state.lock:
            return {"messages": list(self.state.messages.values()), "requests": self.state.requests}

    def _admitted(self) -> bool:
        wanted = base64.b64encode(f"{ACCOUNT}:{self.state.token}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {wanted}":
            return True
        self._error(401, 20003, "Authenticate")
        return False

    def _error(self, status: int, code: int | None, message: str, headers: dict[str, str] | None = None) -> None:
        content: dict[str, Any] = {"message": message, "status": status}
        if code is not None:
            content |= {"code": code, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
        self._raw(status, json.dumps(content).encode(), headers or {})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        self._raw(status, json.dumps(content).encode(), {})

    def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "4000")
        self.end_headers()
        self.wfile.write(b'{"sid": "SM')
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()


def _between(date_sent: str, after: datetime | None, before: datetime | None) -> bool:
    moment = parsedate_to_datetime(date_sent)
    # Dates are whole seconds.
    return (after is None or moment >= after - timedelta(seconds=1)) and (before is None or moment <= before)


class Server(ThreadingHTTPServer):
    """Many connections at once, as many senders as come."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that was killed leaves a broken connection behind: expected here."""


def main(port_file: str, log: str) -> None:
    """Serve until killed; the port is written when it can be connected to."""
    Handler.state = State(log)
    server = Server(("127.0.0.1", int(os.environ.get("TWILIO_DOUBLE_PORT", "0"))), Handler)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(server.server_address[1]))
    os.replace(port_file + ".new", port_file)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

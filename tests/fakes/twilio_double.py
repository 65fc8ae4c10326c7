"""Starts the double of Twilio and tells it how to behave; stopped when the block ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.twilio_server import ACCOUNT, TOKEN

ROOT = Path(__file__).resolve().parents[2]


class Double:
    """A running double."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self._log = process, port, log

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def behave(self, *faults: dict[str, Any], **values: Any) -> None:
        """Let the next creates meet these faults, one after another; `latency`, `token`, `receipts` as given."""
        self._post("set", {"faults": list(faults), **values})

    def accepted(self) -> list[dict[str, Any]]:
        """Every create it took, in order, as the form that was sent; also after it was killed."""
        return [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]

    def times_by_reference(self) -> Counter[str]:
        """How often each of our own ids was taken, after the callback's address."""
        return Counter(each["StatusCallback"].rstrip("/").rsplit("/", 1)[1] for each in self.accepted())

    def requests(self) -> int:
        """How many creates came, taken or not."""
        return int(self._get()["requests"])

    def report(self, sid: str, status: str, error_code: int | None = None) -> None:
        """Let the carrier say so, without a callback."""
        self._post("status", {"sid": sid, "status": status, "error_code": error_code})

    def call_back(self, sid: str, status: str, error_code: int | None = None, times: int = 1) -> list[int]:
        """Post a signed callback; what it was answered with."""
        told = {"sid": sid, "status": status, "error_code": error_code, "times": times}
        return list(self._post("callback", told)["answers"])

    def reply(self, url: str, fields: dict[str, str]) -> int:
        """Post what somebody wrote to us, signed; what it was answered with."""
        return int(self._post("inbound", {"url": url, "fields": fields})["answer"])

    def _post(self, what: str, told: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/__control/{what}", data=json.dumps(told).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            content: dict[str, Any] = json.load(answer)
        return content

    def _get(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/__control/report", timeout=30) as answer:
            content: dict[str, Any] = json.load(answer)
        return content


@contextmanager
def running_double(folder: Path, *, port: int = 0) -> Iterator[Double]:
    """A double in a process of its own, keeping its log in `folder`."""
    port_file, log = folder / "port", folder / "accepted"
    port_file.unlink(missing_ok=True)
    log.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.twilio_server", str(port_file), str(log)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TWILIO_DOUBLE_PORT": str(port)},
    )
    try:
        deadline = time.monotonic() + 30
        while not port_file.exists():
            assert process.poll() is None, "the double did not start"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield Double(process, int(port_file.read_text()), log)
    finally:
        process.kill()
        process.wait()


def double_offset(moment: datetime) -> float:
    """What to tell a double whose clock is to show `moment` now."""
    return (moment - datetime.now(UTC)).total_seconds()


def twilio_settings(double: Double, **others: Any) -> dict[str, Any]:
    """Django settings that send through the double."""
    return {
        "SMS_GATEWAY": "twilio",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": double.url,
        "TWILIO_PROXY": "",
        "TWILIO_FROM": "",
        "TWILIO_MESSAGING_SERVICE_SID": "",
        "PUBLIC_URL": "http://localhost:8000",
        "SMS_PER_SECOND": 0.0,
        **others,
    }

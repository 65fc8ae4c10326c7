"""The real web process on this test's database, at an address of its own; gone when the block ends."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from outreach.embedded.processes import start_web, stop_processes, wait_until_served


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_process(port: int, environment: Mapping[str, str]) -> Iterator[None]:
    """Serve the site on 127.0.0.1:`port` while the block runs."""
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        patch.setenv("UPLOAD_ROOT", str(settings.UPLOAD_ROOT))
        patch.delenv("DATABASE_OWNER_URL", raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        web = start_web(port)
        try:
            wait_until_served(web, port)
            yield
        finally:
            stop_processes([web])

"""A real worker on the real broker, in a thread that shares the test's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import redis
from celery.contrib.testing.worker import start_worker
from django.conf import settings

from outreach.celery import app


@contextmanager
def thread_worker() -> Iterator[None]:
    """Serve every queue while the block runs, and leave nobody listening on the broker after it."""
    try:
        with start_worker(app, pool="solo", perform_ping_check=False, loglevel="WARNING", shutdown_timeout=20):
            yield
    finally:
        _end_listeners()


def _end_listeners() -> None:
    """End blocking reads that the stopped thread left open: each would swallow the next test's first message."""
    address = urlsplit(settings.REDIS_URL)
    database = parse_qs(address.query).get("db", [address.path.strip("/") or "0"])[0]
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for client in broker.client_list():
            if client["db"] == database and client["cmd"].startswith("b"):
                broker.client_kill_filter(_id=client["id"])

"""A real worker process on the real broker, working on this test's database and uploads; gone when the block ends."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from outreach.celery import QUEUES
from outreach.embedded.processes import start_worker, stop_processes


@contextmanager
def process_worker() -> Iterator[subprocess.Popen[bytes]]:
    """Serve every queue while the block runs; yields the worker, whose children run the tasks."""
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        patch.setenv("UPLOAD_ROOT", str(settings.UPLOAD_ROOT))
        worker = start_worker(QUEUES, concurrency=1)
        try:
            yield worker
        finally:
            stop_processes([worker])

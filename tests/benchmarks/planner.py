"""The planner over many open follow-ups: first run, and an unchanged second one. No SMS falls due in it."""

import sys
import time
from datetime import UTC, datetime

from contact_data import fill

from campaigns.services.planning import plan
from outreach.access.data_context import job_context

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
# In the evening: every SMS waits for the morning.
NOW = datetime(2021, 4, 20, 19, 30, tzinfo=UTC)

fill(NUMBER)
for run in ("first", "second"):
    started = time.monotonic()
    with job_context("planner", [183]) as by:
        result = plan(by=by, now=NOW)
    print(f"{run} run, {NUMBER:,} open follow-ups: {time.monotonic() - started:.1f} s, {result}")

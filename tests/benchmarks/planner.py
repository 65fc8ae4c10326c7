"""The planner over many open follow-ups: first run, an unchanged second one, and the preview of another contact plan.

No SMS falls due in it. Beside the seconds on the clock stand the processor's in the database: on a busy machine they
are what can be compared.
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from contact_data import fill
from django.db import connection

from campaigns.contact_plans import PlanStep
from campaigns.selectors.policies import plan_of
from campaigns.services.planning import plan
from campaigns.services.policies import preview_plan
from outreach.access.data_context import job_context
from registry.models import Programme

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
# In the evening: every SMS waits for the morning.
NOW = datetime(2021, 4, 20, 19, 30, tzinfo=UTC)
TICKS = 100


def processor_seconds() -> float:
    """What the database process of this connection has used of the processor (Linux)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def slow_statements(execute, sql, params, many, context):
    """Print what takes more than half a second."""
    started = time.monotonic()
    result = execute(sql, params, many, context)
    if (took := time.monotonic() - started) > 0.5:
        print(f"    {took:5.1f} s  {' '.join(str(sql).split())[:90]}", flush=True)
    return result


fill(NUMBER)
for run in ("first", "second"):
    with job_context("planner", [183]) as by:
        started, used = time.monotonic(), processor_seconds()
        with connection.execute_wrapper(slow_statements):
            result = plan(by=by, now=NOW)
        took, cost = time.monotonic() - started, processor_seconds() - used
    print(f"{run} run, {NUMBER:,} open follow-ups: {took:.1f} s, processor {cost:.1f} s, {result}", flush=True)

covid = Programme.objects.get(code="covid-19")
with job_context("planner", [183]) as by:
    current = plan_of(covid, 183, NOW.date())
    started, used = time.monotonic(), processor_seconds()
    preview = preview_plan(by=by, programme=covid, plan=replace(current, steps=(PlanStep("call", 1),)), now=NOW)
    took, cost = time.monotonic() - started, processor_seconds() - used
print(f"preview: {took:.1f} s, processor {cost:.1f} s, {preview.figures['another_kind']:,} get another step")

"""Background work of contact: the planner, the dispatcher, and the sweeper of messages whose dispatcher died.

None of them claims a slot: planning twice changes nothing, and a message is claimed once, however often beat ticks.
"""

from __future__ import annotations

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.celery import app
from outreach.clock.services import now as clock_now

from .services.messages import dispatch_due, sweep_in_doubt
from .services.planning import plan

# One pass ends before the sending window can close far behind its back; beat starts the next in 30 seconds.
MESSAGES_PER_PASS = 3000


@app.task(name="campaigns.plan-contacts")
def plan_contacts() -> None:
    """Restore K1 everywhere, one transaction for each municipality."""
    for code in served_municipality_codes():
        with job_context("planner", [code]) as by:
            plan(by=by, now=clock_now())


@app.task(name="campaigns.send-due-messages")
def send_due_messages() -> None:
    """One dispatcher pass."""
    dispatch_due(now=clock_now(), limit=MESSAGES_PER_PASS)


@app.task(name="campaigns.sweep-messages")
def sweep_messages() -> None:
    """Show what has been on its way for too long."""
    sweep_in_doubt(now=clock_now())

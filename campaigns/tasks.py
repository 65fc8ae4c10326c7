"""Background work of contact: the planner, the dispatcher, and the sweeper of messages whose dispatcher died.

These claim no slot: planning twice changes nothing, and a message is claimed once, however often beat ticks.
"""

from __future__ import annotations

from django.utils import timezone

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.celery import INTERVALS, app
from outreach.clock.services import now as clock_now
from outreach.messaging.gateways import TracingGateway, open_gateway
from outreach.schedule.services import claim_slot
from registry.models import Municipality

from .imports import earlier_contacts_jobs, letter_jobs
from .services.bookings.sweeping import sweep_bookings as sweep_bookings_of
from .services.callbacks import process_events
from .services.leaving import end_work_of_gone
from .services.messages import dispatch_due, reconcile, sweep_expired, sweep_in_doubt
from .services.planning import plan
from .services.quality import pick_samples
from .services.waves import jobs as wave_jobs
from .services.workload import count_workload

# One pass ends before the sending window can close far behind its back; beat starts the next in 30 seconds.
MESSAGES_PER_PASS = 3000
SECONDS_PER_PASS = 25.0
RECONCILE_MESSAGES = "campaigns.reconcile-messages"
SWEEP_LETTERS = "campaigns.sweep-letters"
SWEEP_EARLIER_CONTACTS = "campaigns.sweep-earlier-contacts"
COUNT_WORKLOAD = "campaigns.count-workload"


@app.task(name="campaigns.plan-contacts")
def plan_contacts() -> None:
    """Restore K1 everywhere, one transaction for each municipality."""
    for code in served_municipality_codes():
        with job_context("planner", [code]) as by:
            plan(by=by, now=clock_now())


@app.task(name="campaigns.end-work-of-gone")
def end_work_of_the_gone() -> None:
    """What was told on the telephone, and what another way in left behind: nothing goes on for the dead and moved."""
    for code in served_municipality_codes():
        with job_context("leaving", [code]) as by:
            end_work_of_gone(by=by, municipality_id=code, now=clock_now())


@app.task(name="campaigns.plan-municipality")
def plan_municipality(code: int) -> None:
    """Restore K1 in one municipality now: its contact plan has changed."""
    with job_context("planner", [code]) as by:
        plan(by=by, now=clock_now())


@app.task(name="campaigns.send-due-messages")
def send_due_messages() -> None:
    """One dispatcher pass; a slow line takes the rest in the next one."""
    dispatch_due(now=clock_now(), clock=clock_now, limit=MESSAGES_PER_PASS, seconds=SECONDS_PER_PASS)


@app.task(name="campaigns.sweep-messages")
def sweep_messages() -> None:
    """Show what has been on its way for too long, and end what has come too late (F16)."""
    sweep_in_doubt(now=clock_now())
    sweep_expired(now=clock_now())


@app.task(name=RECONCILE_MESSAGES)
def reconcile_messages() -> None:
    """Ask the gateway about what is in doubt, and for receipts that never came (F11, F19): once per slot."""
    # Real time on purpose: the demo's clock may stand still.
    if claim_slot(RECONCILE_MESSAGES, INTERVALS[RECONCILE_MESSAGES], timezone.now()):
        with open_gateway() as gateway:
            if isinstance(gateway, TracingGateway):
                reconcile(now=clock_now(), gateway=gateway)


@app.task(name="campaigns.sweep-bookings")
def sweep_bookings() -> None:
    """Reminders that are due, claims of the desk that ran out, receipts that failed (K11, S8)."""
    for code in served_municipality_codes():
        with job_context("booking", [code]):
            sweep_bookings_of(municipality_id=code, now=clock_now())


@app.task(name="campaigns.read-earlier-contacts")
def read_earlier_contacts(file_id: int) -> None:
    """Take one spreadsheet of earlier contacts from its file to its review (L8)."""
    earlier_contacts_jobs.advance(file_id, now=clock_now())


@app.task(name=SWEEP_EARLIER_CONTACTS)
def sweep_earlier_contacts() -> None:
    """Wake up every spreadsheet that nobody works on (F01, F04): at most once a minute."""
    # Real time on purpose: the demo's clock may stand still.
    if claim_slot(SWEEP_EARLIER_CONTACTS, INTERVALS[SWEEP_EARLIER_CONTACTS], timezone.now()):
        for file_id in earlier_contacts_jobs.waiting_file_ids():
            read_earlier_contacts.delay(file_id)


@app.task(name="campaigns.process-gateway-events")
def process_gateway_events() -> None:
    """Work on the callbacks that wait: woken by the webhook, and by the clock for those whose call was lost."""
    process_events(now=clock_now())


@app.task(name="campaigns.queue-wave")
def queue_wave(wave_id: int) -> None:
    """Put an approved wave's messages in the queue (S3)."""
    wave_jobs.queue_wave(wave_id, now=clock_now())


@app.task(name="campaigns.sweep-waves")
def sweep_waves() -> None:
    """Say where each wave stands, wake up those that nobody queues (F01), write down what came of old ones (D6)."""
    for wave_id in wave_jobs.advance_waves(now=clock_now()):
        queue_wave.delay(wave_id)
    wave_jobs.write_results(now=clock_now())


@app.task(name=COUNT_WORKLOAD)
def count_all_workload() -> None:
    """Every municipality's sums, one transaction each (K12)."""
    if not claim_slot(COUNT_WORKLOAD, INTERVALS[COUNT_WORKLOAD], timezone.now()):
        return
    for code in served_municipality_codes():
        with job_context("workload", [code]) as by:
            count_workload(by=by, municipality=Municipality.objects.get(pk=code), now=clock_now())


@app.task(name="campaigns.pick-quality-samples")
def pick_quality_samples() -> None:
    """Put new outcomes into the sample, one transaction for each municipality (K13)."""
    for code in served_municipality_codes():
        with job_context("quality", [code]) as by:
            pick_samples(by=by, municipality=Municipality.objects.get(pk=code), now=clock_now())


@app.task(name="campaigns.make-letters")
def make_letters(batch_id: int) -> None:
    """Set one batch of letters (S9)."""
    letter_jobs.advance(batch_id, now=clock_now())


@app.task(name=SWEEP_LETTERS)
def sweep_letters() -> None:
    """Wake up every batch of letters that nobody works on (F01, F04): at most once a minute."""
    # Real time on purpose: the demo's clock may stand still.
    if claim_slot(SWEEP_LETTERS, INTERVALS[SWEEP_LETTERS], timezone.now()):
        for batch_id in letter_jobs.waiting_batch_ids():
            make_letters.delay(batch_id)

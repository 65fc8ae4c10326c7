"""Keep the summary tables fresh: after each committed list, and every five minutes for all."""

from django.utils import timezone

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.celery import INTERVALS, app
from outreach.clock.services import now as clock_now
from outreach.schedule.services import claim_slot
from registry.models import FollowUp, Municipality, Programme
from reports.services.summaries import refresh

JOB = "report-summaries"
REFRESH_ALL = "reports.refresh-summaries"


@app.task(name="reports.refresh-municipality")
def refresh_municipality(municipality_code: int) -> None:
    """One municipality, programme by programme."""
    _refresh(municipality_code)


@app.task(name=REFRESH_ALL)
def refresh_summaries() -> None:
    """Every municipality served here; the sweeper of lost wake-up calls, and the way new answers get in."""
    # Real time on purpose: the demo's clock may stand still.
    if not claim_slot(REFRESH_ALL, INTERVALS[REFRESH_ALL], timezone.now()):
        return
    for code in served_municipality_codes():
        _refresh(code)


def _refresh(municipality_code: int) -> None:
    with job_context(JOB, [municipality_code]) as by:
        municipality = Municipality.objects.get(pk=municipality_code)
        now = clock_now()
        followed = FollowUp.objects.filter(municipality=municipality).values("programme_id")
        for programme in Programme.objects.filter(pk__in=followed):
            refresh(by=by, municipality=municipality, programme=programme, now=now)

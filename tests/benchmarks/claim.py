"""The claim behind "Næste borger" with many callers at once: its time, and that no task is claimed twice."""

import statistics
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime

from contact_data import fill
from django.db import connections

from campaigns.models import CallTask
from campaigns.services.calls import claim_next
from campaigns.services.planning import plan
from outreach.access.actor import Actor, actor_from_membership
from outreach.access.data_context import data_context, job_context
from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role

TASKS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
CALLERS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
EACH = 10
NOW = datetime(2021, 4, 22, 8, 0, tzinfo=UTC)


def callers() -> list[Actor]:
    """As many caseworkers as wanted."""
    organisation, _new = Organisation.objects.get_or_create(
        kind=OrganisationKind.MUNICIPALITY, code=183, defaults={"name": "Ishøj"}
    )
    made = []
    for number in range(CALLERS):
        user, _new = User.objects.get_or_create(username=f"bench-{number}")
        member, _new = Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.CASEWORKER)
        made.append(actor_from_membership(Membership.objects.select_related("user", "organisation").get(pk=member.pk)))
    return made


def work(by: Actor, barrier: threading.Barrier, taken: list[int], seconds: list[float]) -> None:
    """Claim, finish, claim again."""
    barrier.wait()
    for _turn in range(EACH):
        started = time.monotonic()
        with data_context(by):
            task = claim_next(by=by, now=NOW)
        seconds.append(time.monotonic() - started)
        if task is None:
            break
        taken.append(task.pk)
        with data_context(by):
            CallTask.objects.filter(pk=task.pk).update(state="done", claimed_until=None)
    connections.close_all()


fill(TASKS, landlines=True)
with job_context("planner", [183]) as planner:
    plan(by=planner, now=NOW)
with connections["owner"].cursor() as cursor:
    cursor.execute("ANALYZE campaigns_calltask")
for at_once in (1, CALLERS):
    taken: list[int] = []
    seconds: list[float] = []
    barrier = threading.Barrier(at_once)
    threads = [threading.Thread(target=work, args=(by, barrier, taken, seconds)) for by in callers()[:at_once]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(seconds)
    print(
        f"{at_once} at once, {TASKS:,} open tasks, {len(taken)} claims: "
        f"median {statistics.median(ordered) * 1000:.1f} ms, "
        f"p99 {ordered[int(len(ordered) * 0.99) - 1] * 1000:.1f} ms, "
        f"most often one task {max(Counter(taken).values())} time"
    )

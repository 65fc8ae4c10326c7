"""What a team lead has done by the last morning: the grant, the first calls of the day, the sample of answers."""

from datetime import date, datetime, timedelta

from django.db.models import Min

from campaigns.models import ContactAttempt, WorkBudget
from campaigns.selectors.quality import waiting_checks
from campaigns.services.answers import record_answer
from campaigns.services.calls import claim_next
from campaigns.services.quality import judge, pick_samples
from campaigns.services.workload import count_workload, save_budget
from outreach.access.data_context import data_context, job_context
from outreach.access.selectors import actor_by_username
from outreach.clock.services import set_demo_clock
from registry.models import Municipality

# The memo's sum and last day [004]; prices are ours.
GRANTED, GRANTED_UNTIL = 40_000_000, date(2021, 8, 31)
PRICES = {"hourly_rate": 32_000, "segment_price": 40, "letter_price": 1_100, "ride_price": 25_000}
FIRST_CALLS = 7
NEW_FOR = timedelta(days=2)
NOBODY_THERE = ["no_answer", "voicemail", "no_answer", "busy"]
VERDICTS = [
    ("fine", ""),
    ("fine", "Godt, at du spurgte om sprog."),
    ("to_correct", "Husk at skrive, hvornår borgeren selv vil ringe."),
    ("follow_up", "Borgeren spurgte om kørsel. Ring, og spørg hvornår."),
]


def lead_the_day(code: int, callers: list[str], leader: str, end: datetime) -> None:
    """The last hour before `end`: some calls in vain, the sample looked at but for one call, everything counted."""
    for turn in range(FIRST_CALLS):
        at = end - timedelta(minutes=6 * (FIRST_CALLS - turn))
        set_demo_clock(at)
        with data_context(actor_by_username(callers[turn % len(callers)], municipality_code=code)) as by:
            task = claim_next(by=by, now=at)
            if task is not None:
                silence = NOBODY_THERE[turn % len(NOBODY_THERE)]
                saved = at + timedelta(minutes=2)
                record_answer(
                    by=by, citizen=task.citizen, outcome=silence, spoke_with="nobody", call_task=task, now=saved
                )
    set_demo_clock(end)
    municipality = Municipality.objects.get(code=code)
    with job_context("quality", [code]) as by:
        # The callers were new in the first days: of those calls the sample has all.
        made = ContactAttempt.objects.filter(municipality=municipality, by_user_id__isnull=False)
        first = made.aggregate(first=Min("at"))["first"] or end
        for moment in (min(first + NEW_FOR, end), end):
            pick_samples(by=by, municipality=municipality, now=moment)
    with data_context(actor_by_username(leader, municipality_code=code)) as by:
        for check, (verdict, comment) in zip(list(waiting_checks(by))[:-1], VERDICTS, strict=False):
            judge(by=by, check=check, verdict=verdict, comment=comment, now=end)
        if not WorkBudget.objects.filter(municipality=municipality).exists():
            save_budget(
                by=by, municipality=municipality, budget=None, name="Opsøgende indsats",
                reference="Økonomiudvalget, opdigtet i demoen", amount=GRANTED, starts_on=date(2021, 3, 30),
                ends_on=GRANTED_UNTIL, now=end, **PRICES,
            )  # fmt: skip
    with job_context("workload", [code]) as by:
        count_workload(by=by, municipality=municipality, now=end)

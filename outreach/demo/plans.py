"""The team lead has tuned the contact plan for influenza: calls first, and the common plan tried and taken back."""

from dataclasses import replace

from campaigns.contact_plans import PlanStep
from campaigns.selectors.policies import plan_of
from campaigns.services.policies import save_plan
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from outreach.command import parse_moment
from registry.models import Programme

TUNED = ("2021-04-06T13:20", "2021-04-12T08:50")


def tune_plan(code: int, username: str) -> None:
    """Two versions, so that the history has something to go back to."""
    programme = Programme.objects.get(code="influenza")
    with data_context(actor_by_username(username, municipality_code=code)) as by:
        for moment, calls in zip(map(parse_moment, TUNED), (2, 3), strict=True):
            steps = (PlanStep("call", 0, calls, 1, (10, 16, 18)), PlanStep("sms", 1), PlanStep("letter", 3))
            current = plan_of(programme, code, moment.date())
            save_plan(by=by, programme=programme, plan=replace(current, steps=steps), now=moment)

"""What the demo's team lead has done by the last morning: something to see on each of their pages."""

import pytest

from campaigns.models import CallTask, ContactAttempt, QualityCheck, WorkBudget, WorkloadDay
from outreach.demo.cast import make_cast
from outreach.demo.lead import lead_the_day
from tests.factories.contact_pages import NOW, records, waiting_citizen
from tests.factories.geography import ISHOEJ


@pytest.mark.django_db
def test_the_morning_leaves_calls_a_sample_and_a_grant() -> None:
    make_cast([ISHOEJ])
    with records():
        for number in range(9):
            waiting_citizen(f"Bo {number}")
    for _twice in range(2):
        lead_the_day(ISHOEJ, ["sagsbehandler", "sagsbehandler-b"], "teamleder", NOW)
    with records():
        # They are due for the last three of the seven turns; the second time the others are called.
        assert ContactAttempt.objects.count() == 6
        assert not CallTask.objects.filter(state="claimed").exists()
        verdicts = sorted(QualityCheck.objects.values_list("verdict", flat=True))
        assert verdicts == ["", "fine", "fine", "fine", "fine", "to_correct"]
    assert WorkBudget.objects.get().amount == 40_000_000
    assert sum(day.calls for day in WorkloadDay.objects.all()) == 6

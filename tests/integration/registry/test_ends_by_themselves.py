"""What ends on its day without anybody at it: a protection (C5), a selection with its calls and messages (L9)."""

from datetime import date, timedelta

import pytest

from campaigns.models import CallTask, SmsMessage
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import FollowUp, Municipality, Programme
from registry.selectors.selections_criteria import Criteria
from registry.services.phones import add_phone
from registry.services.selections import start_selection
from registry.services.selections_drafts import draft_selection
from registry.tasks import end_selections
from tests.factories.campaigns import contact_point
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, records
from tests.factories.registry import make_citizen

pytestmark = pytest.mark.django_db
LAST_DAY = date(2021, 4, 25)


@pytest.mark.parametrize(("day", "hidden"), [(LAST_DAY, True), (LAST_DAY + timedelta(days=1), False)])
def test_a_protection_hides_the_address_until_its_last_day_is_over(day: date, hidden: bool) -> None:
    with records():
        owner = citizen(protected=True, protected_until=LAST_DAY, address="Hemmelig Vej 7")
        follow_up(owner, next_step_kind="lookup", next_step_reason="no_phone")
    clock_at(NOW.replace(day=day.day))
    desk = client_with_role(Role.CASEWORKER)
    for address in (f"/borger/{owner.pk}/", "/mangler-nummer/"):
        page = desk.get(address).content.decode()
        assert ("Hemmelig Vej 7" not in page) is hidden
        assert ("Beskyttet adresse" in page) is hidden


def test_an_ended_selection_calls_and_texts_nobody() -> None:
    lead = actor_with_role(Role.TEAM_LEAD)
    contact_point()
    with data_context(lead):
        for serial, kind in ((1, "mobile"), (2, "landline")):
            person = make_citizen(serial, personal_care=True)
            add_phone(by=lead, citizen=person, number=f"2011111{serial}", kind=kind, source="system", now=NOW)
        selection = draft_selection(
            by=lead,
            municipality=Municipality.objects.get(pk=183),
            programme=Programme.objects.get(code="covid-19"),
            name="Hjemmepleje",
            purpose="Opringning til alle med hjemmepleje",
            criteria=Criteria(age_on=NOW.date(), personal_care=True),
            ends_on=LAST_DAY,
            now=NOW,
        )
        start_selection(by=lead, selection=selection, now=NOW)
        plan(by=lead, now=NOW + timedelta(minutes=10))
        assert CallTask.objects.waiting().count() + SmsMessage.objects.filter(status="queued").count() == 2
    set_demo_clock(NOW.replace(day=LAST_DAY.day + 1))
    end_selections()
    with data_context(lead):
        assert not CallTask.objects.waiting().exists()
        assert not SmsMessage.objects.filter(status="queued").exists()
        assert {each.closed_reason for each in FollowUp.objects.all()} == {"selection_ended"}

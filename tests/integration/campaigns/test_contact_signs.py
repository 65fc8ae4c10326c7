"""The signs that keep somebody from being contacted, read from the tables, and what the page says of them (K1, K9)."""

from datetime import timedelta

import pytest

from campaigns.contact_signs import ContactSigns
from campaigns.models import OptOut, SmsMessage
from campaigns.selectors.contact_signs import contact_signs
from campaigns.services.answers import record_answer
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen
from tests.factories.cast import actor_with_role, client_with_role, user_with_role
from tests.factories.contact_pages import NOW, call_task, citizen, claimed, clock_at, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db


def texted(**changes: object) -> Citizen:
    """A citizen with an SMS laid ready."""
    with records() as by:
        person = citizen(**changes)
        phone(person)
        follow_up(person, opened_at=NOW - timedelta(hours=1), next_step_reason="to_be_planned")
        plan(by=by, now=NOW)
        assert SmsMessage.objects.get(citizen=person).status == "queued"
    return person


def signs_of(person: Citizen) -> ContactSigns:
    with records():
        return contact_signs(person, NOW)


def test_a_message_laid_ready_is_seen() -> None:
    signs = signs_of(texted())
    assert (signs.message_status, signs.cancelled_at, signs.talking) == ("queued", None, False)


def test_a_conversation_cancels_it_and_the_page_says_so() -> None:
    person = texted()
    caller = actor_with_role(Role.CASEWORKER)
    with data_context(caller):
        record_answer(by=caller, citizen=person, outcome="books_self", now=NOW)
    signs = signs_of(person)
    assert (signs.message_status, signs.cancelled_at, signs.cancelled_for) == ("", NOW, "contacted")
    clock_at(NOW + timedelta(minutes=5))
    page = client_with_role(Role.TEAM_LEAD).get(f"/borger/{person.pk}/").content.decode()
    assert "Den planlagte sms er annulleret, fordi vi talte med borgeren tirs. 20.04. kl. 11.20." in page


def test_a_colleague_s_call_an_opt_out_and_protection() -> None:
    user = user_with_role(Role.CASEWORKER)
    with records():
        person = citizen(protected=True)
        number = phone(person)
        OptOut.objects.create(municipality_id=ISHOEJ, number_index=number.number_index, since=NOW, source="reply")
        follow_up(person)
        claimed(call_task(person), user)
    assert signs_of(person) == ContactSigns(talking=True, opted_out=True, protected=True)

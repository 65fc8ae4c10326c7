"""The list of text messages: counts, the uncertain ones first, no text and no whole number (S5, A4)."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import MessageTemplate, SmsMessage
from outreach.access.roles import Role
from outreach.audit.models import Action
from outreach.messaging.line import Tally, admit, report
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, logged, phone, queries_of, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/sms/beskeder/"


@pytest.fixture
def lead() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD)


def message(name: str, status: str, code: int = 183, **changes: object) -> SmsMessage:
    owner = citizen(name, code=code)
    number = phone(owner, f"+452012{owner.pk % 10_000:04d}")
    values: dict[str, object] = {
        "body": "Hej Aase. Ring til os.",
        "encoding": "GSM-7",
        "segments": 1,
        "status": status,
        "status_at": NOW,
        "not_before": NOW,
        "queued_at": NOW,
        "step_key": f"step-{owner.pk}",
    }
    return SmsMessage.objects.create(
        municipality_id=code,
        citizen=owner,
        phone=number,
        number_ciphertext=number.number_ciphertext,
        number_index=number.number_index,
        template=MessageTemplate.objects.filter(language="da").first(),
        **values | changes,
    )


def page_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_refused_sender_is_told_to_the_municipality_it_concerns_and_to_no_other(lead):
    refused = {
        "status_reason": "sender_refused",
        "error_code": "21606",
        "error_text": "Afsendernummeret kan ikke sende sms'er",
        "not_before": NOW + timedelta(minutes=15),
    }
    with records(HOEJE_TAASTRUP):
        theirs = message("Ib Nabo", "queued", code=HOEJE_TAASTRUP, **refused)
    assert "21606" not in page_of(lead.get(URL))
    with records():
        ours = message("Aase Mikkelsen", "queued", **refused)
    page = page_of(lead.get(URL))
    assert "(21606)" in page
    assert "Prøv igen nu" in page
    start = page_of(lead.get("/"))
    assert "(21606)" in start  # on the overview too, with what to do and the same button
    assert "Bed den, der driver systemet, om at rette kommunens afsender" in start
    assert 'action="/sms/linjen/proev/"' in start
    caller = page_of(client_with_role(Role.CASEWORKER, username="mette").get("/"))
    assert "21606" not in caller
    # Pressed: ours may go at once, what others wait for is theirs.
    lead.post("/sms/linjen/proev/")
    with records():
        ours.refresh_from_db()
    with records(HOEJE_TAASTRUP):
        theirs.refresh_from_db()
    assert ours.not_before < NOW + timedelta(minutes=15) == theirs.not_before


def test_the_page_shows_neither_text_nor_number(lead):
    with records():
        sent = message("Aase Mikkelsen", "delivered")
    page = page_of(lead.get(URL))
    assert "Aase Mikkelsen" in page
    assert "Modtaget på telefonen" in page
    assert "Ring til os" not in page
    last_digits = f"{sent.citizen_id:06d}"[-2:]
    assert f"•• •• •• {last_digits}" in page
    assert f"20{sent.citizen_id:06d}" not in page


def test_the_uncertain_ones_come_first_with_what_it_means(lead):
    with records():
        message("Bent Friis", "delivered")
        message("Tove Bæk", "in_doubt", status_at=NOW - timedelta(hours=5))
    page = page_of(lead.get(URL))
    assert page.index("Tove Bæk") < page.index("Bent Friis")
    assert "Den bliver ikke sendt igen af sig selv." in page


def test_a_status_shows_its_messages_only(lead):
    with records():
        message("Bent Friis", "delivered")
        message("Tove Bæk", "queued", not_before=NOW + timedelta(hours=22))
        message("Vera Skov", "undelivered", error_text="Nummeret er ikke i brug")
    page = page_of(lead.get(f"{URL}?status=queued"))
    assert "Tove Bæk" in page
    assert "Bent Friis" not in page
    assert "Sendes i morgen kl. 9.20" in page
    assert "Nummeret er ikke i brug" in page_of(lead.get(f"{URL}?status=undelivered"))
    assert "Bent Friis" in page_of(lead.get(f"{URL}?status=nonsense"))


def test_looks_are_logged_once_for_each_citizen(lead):
    with records():
        doubtful = message("Tove Bæk", "in_doubt")
    lead.get(URL)
    assert [event.subject_id for event in logged(Action.LOOK)] == [str(doubtful.citizen_id)]


def test_fifty_to_a_page_in_a_constant_number_of_queries(lead):
    with records():
        message("Bent 1", "delivered")
    few = queries_of(lambda: lead.get(URL))
    with records():
        for number in range(50):
            message(f"Aase {number}", "delivered")
    assert queries_of(lambda: lead.get(URL)) == few
    assert "1–50 af 51" in page_of(lead.get(URL))


def test_nothing_sent_says_what_will_be(lead):
    assert "Der er ikke sendt nogen sms" in page_of(lead.get(URL))


def test_another_municipalitys_messages_are_not_shown(lead):
    with records(HOEJE_TAASTRUP):
        message("Fremmed", "in_doubt", code=HOEJE_TAASTRUP)
    assert "Fremmed" not in page_of(lead.get(URL))


def test_a_caseworker_does_not_see_the_list():
    clock_at()
    assert client_with_role(Role.CASEWORKER).get(URL).status_code == 403


def test_an_uncertain_message_is_sent_again_as_one_of_its_own_and_logged(lead):
    with records():
        doubtful = message("Aase Mikkelsen", "in_doubt", handed_over_at=NOW)
    url = f"/sms/beskeder/{doubtful.pk}/igen/"
    assert "lagt i køen igen" in page_of(lead.post(url, follow=True))
    with records():
        again = SmsMessage.objects.get(again_of=doubtful)
        doubtful.refresh_from_db()
        assert (again.status, again.body, again.purpose) == ("queued", doubtful.body, doubtful.purpose)
        assert (doubtful.status, doubtful.status_reason) == ("in_doubt", "sent_again")
    assert [event.subject_id for event in logged(Action.CHANGE)] == [str(doubtful.citizen_id)]
    # Two people, one message (SS04).
    assert "ikke længere usikker" in page_of(lead.post(url, follow=True))
    with records():
        assert SmsMessage.objects.filter(again_of=doubtful).count() == 1
    assert "blev de modtaget" not in page_of(lead.get(URL))


def test_an_uncertain_message_that_arrived_counts_as_sent(lead):
    with records():
        doubtful = message("Aase Mikkelsen", "in_doubt", handed_over_at=NOW)
    url = f"/sms/beskeder/{doubtful.pk}/sendt/"
    assert "står nu som sendt" in page_of(lead.post(url, follow=True))
    with records():
        doubtful.refresh_from_db()
        assert doubtful.status == "sent"
    assert "ikke længere usikker" in page_of(lead.post(url, follow=True))


def test_an_uncertain_message_of_another_municipality_is_not_there(lead):
    with records(HOEJE_TAASTRUP):
        foreign = message("Bo Fremmed", "in_doubt", code=HOEJE_TAASTRUP, handed_over_at=NOW)
    for act in ("igen", "sendt"):
        assert lead.post(f"/sms/beskeder/{foreign.pk}/{act}/").status_code == 404


@pytest.mark.case("F17")
def test_a_closed_line_is_an_alert_that_says_what_to_do_and_can_be_tried_again(lead):
    assert "Der sendes ingen" not in page_of(lead.get(URL))
    report("console", Tally(account=("20003", "Sms-operatøren afviser vores adgangskode")))
    page = page_of(lead.get(URL))
    assert "Der sendes ingen sms&#x27;er" in page
    assert "afviser vores adgangskode (20003)" in page
    assert "ingen er gået tabt" in page
    assert not admit("console", 10).granted
    assert "Vi prøver med en enkelt besked" in page_of(lead.post("/sms/linjen/proev/", follow=True))
    probe = admit("console", 10)
    assert (probe.granted, probe.probe) == (1, True)
    assert [event.subject_kind for event in logged(Action.CHANGE)] == ["gatewaystate"]


def test_a_paused_line_needs_nobody(lead):
    report("console", Tally(trailing=5, last_failure="not_connected"))
    assert "Du behøver ikke at gøre noget" in page_of(lead.get(URL))

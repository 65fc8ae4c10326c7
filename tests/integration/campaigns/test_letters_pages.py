"""The pages of letters, and the public page that their code leads to (S9, P12)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.imports import letter_jobs
from campaigns.models import ContactPoint, Letter, LetterBatch, LetterSender
from outreach.access.roles import Role
from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import Citizen, FollowUp, Municipality
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, queries_of, records
from tests.factories.geography import ISHOEJ
from tests.factories.world import world_in

pytestmark = pytest.mark.django_db
URL = "/breve/"


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch) -> Client:
    clock_at()
    monkeypatch.setattr(letter_jobs, "letters_pdf", lambda portions, _sender: b"".join(b"%PDF" for _ in portions))
    monkeypatch.setattr(letter_jobs, "single_pdfs", lambda sheets, _sender: [b"%PDF" for _ in sheets])
    municipality = Municipality.objects.get(code=ISHOEJ)
    ContactPoint.objects.create(municipality=municipality, phone="43 57 75 75")
    LetterSender.objects.create(
        municipality=municipality, address="Ishøj Store Torv 20", postal_code="2635", city="Ishøj", cvr="11931316"
    )
    return client_with_role(Role.TEAM_LEAD)


def due_citizen(name: str, **changes: object) -> Citizen:
    with records():
        owner = citizen(name, address="Vildtbanegård 12", postal_code="2635", city="Ishøj", **changes)
        follow_up(owner, next_step_kind="letter", next_step_at=NOW, next_step_reason="calls_unanswered")
    return owner


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def batch_made(lead: Client, **form: str) -> LetterBatch:
    assert lead.post(URL, {"reasons": ["calls_unanswered"], **form}).status_code == 302
    batch = LetterBatch.objects.latest("id")
    return letter_jobs.advance(batch.pk, now=NOW)


def test_the_page_groups_by_reason_and_says_who_gets_none(lead):
    due_citizen("Aase Digital")
    due_citizen("Bent Fritaget", digital_post_exempt=True)
    hidden = due_citizen("Hanne Hemmelig", protected=True)
    page = page_of(lead.get(URL))
    assert "Har ikke taget telefonen: 2 breve (1 med Digital Post, 1 på papir)" in page
    assert "Hvorfor må adressen bruges til Hanne Hemmelig?" in page
    assert "Vildtbanegård" not in page
    batch = batch_made(lead, **{f"release_{hidden.pk}": "Aftalt i telefonen"})
    with records():
        assert Letter.objects.filter(batch=batch).count() == 3


def test_a_batch_is_fetched_marked_and_noted_as_returned(lead):
    due_citizen("Bent Fritaget", digital_post_exempt=True)
    due_citizen("Carla Lukket", digital_post_exempt=True)
    batch = batch_made(lead)
    with records():
        FollowUp.objects.filter(citizen__name="Carla Lukket").update(next_step_kind="call")
    url = f"{URL}{batch.pk}/"
    page = page_of(lead.get(url))
    assert "Tag disse breve ud af bunken" in page
    assert "Papir nr. 2" in page
    paper = lead.post(f"{url}fil/", {"channel": "paper"})
    assert (paper.content, paper["Content-Type"]) == (b"%PDF", "application/pdf")
    assert lead.post(f"{url}fil/", {"channel": "digital"}).status_code == 302  # there is none
    lead.post(f"{url}sendt/", {"taken_out": []})
    batch.refresh_from_db()
    assert batch.state == "ready"  # the letter to take out was not among what the person had seen
    with records():
        stopped = Letter.objects.get(citizen__name="Carla Lukket")
        sent = Letter.objects.get(citizen__name="Bent Fritaget")
    lead.post(f"{url}sendt/", {"taken_out": [stopped.pk]})
    page = page_of(lead.get(url))
    assert "Taget ud" in page
    assert "Har fået et andet næste skridt" in page
    lead.post(f"{url}retur/", {"letter": sent.pk})
    assert "Kom retur" in page_of(lead.get(url))
    with records():
        assert Letter.objects.get(pk=sent.pk).state == "returned"


def test_a_batch_on_its_way_shows_progress_and_can_be_taken_back(lead):
    due_citizen("Bent Fritaget", digital_post_exempt=True)
    lead.post(URL, {"reasons": ["calls_unanswered"]})
    batch = LetterBatch.objects.get()
    assert "0 af 1 breve" in page_of(lead.get(f"{URL}{batch.pk}/"))
    assert "0 af 1 breve" in page_of(lead.get(f"{URL}{batch.pk}/fremgang/"))
    lead.post(f"{URL}{batch.pk}/fortryd/")
    assert lead.get(f"{URL}{batch.pk}/fremgang/")["HX-Refresh"] == "true"
    assert letter_jobs.advance(batch.pk, now=NOW).state == "undone"
    assert "Bunken blev fortrudt." in page_of(lead.get(f"{URL}{batch.pk}/"))


def test_what_is_missing_is_said_on_the_page(lead):
    due_citizen("Aase Digital")
    LetterSender.objects.update(cvr="")
    response = lead.post(URL, {"reasons": ["calls_unanswered"]})
    assert response.status_code == 422
    assert "Digital Post kræver kommunens CVR-nummer" in page_of(response)
    saved = {"phone": "43 57 75 00", "unit": "", "address": "Torvet 1", "postal_code": "2635", "city": "Ishøj"}
    assert lead.post(f"{URL}afsender/", {**saved, "cvr": "123"}).status_code == 422
    assert lead.post(f"{URL}afsender/", {**saved, "cvr": "11931316"}).status_code == 302
    assert ContactPoint.objects.get().phone == "43 57 75 00"
    assert lead.post(URL, {"reasons": ["calls_unanswered"]}).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_letters(lead):
    due_citizen("Aase Nul")
    few = queries_of(lambda: lead.get(URL))
    for number in range(6):
        due_citizen(f"Bo {number}", digital_post_exempt=bool(number % 2))
    assert queries_of(lambda: lead.get(URL)) == few


@pytest.fixture
def opening() -> VaccinationSession:
    now = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
    clock_at(now)
    return VaccinationSession.objects.get(pk=world_in(ISHOEJ, now, "7110394002").session_id)


def test_everybody_sees_where_and_whom_to_call_without_logging_in(opening):
    ContactPoint.objects.create(municipality=Municipality.objects.get(code=ISHOEJ), phone="43 57 75 75")
    response = Client().get("/pop-up/")
    page = page_of(response)
    # The session of the fixture: three days on, from 14 to 18 in the times of the computer's zone given there (UTC).
    assert "Beboerhuset" in page
    assert "Fredag 23. april 2021" in page
    assert "16.00–20.00" in page
    assert 'href="tel:43577575"' in page
    assert "public" in response["Cache-Control"]
    assert "max-age=300" in response["Cache-Control"]
    assert not response.cookies
    english = page_of(Client().get("/pop-up/en/"))
    assert '<html lang="en">' in english
    assert Client().get("/pop-up/xx/").status_code == 404


def test_only_published_openings_that_are_not_over_are_public(opening):
    later = opening.ends_at
    for change in ({"status": SessionStatus.PLANNED}, {"status": SessionStatus.CANCELLED}):
        VaccinationSession.objects.filter(pk=opening.pk).update(**change)
        assert "Ingen steder er planlagt" in page_of(Client().get("/pop-up/"))
    VaccinationSession.objects.filter(pk=opening.pk).update(status=SessionStatus.PUBLISHED)
    assert "Beboerhuset" in page_of(Client().get("/pop-up/", {"kommune": "183"}))
    assert "Beboerhuset" not in page_of(Client().get("/pop-up/", {"kommune": "169"}))
    assert "Beboerhuset" in page_of(Client().get("/pop-up/", {"kommune": "x' OR 1=1"}))
    clock_at(later + timedelta(minutes=2))
    assert "Ingen steder er planlagt" in page_of(Client().get("/pop-up/"))


def test_the_page_posted_twice_makes_one_batch(lead):
    """A second click, or the page sent again: the batch that is there, and no error."""
    due_citizen("Aase Digital")
    key = re.search(r'name="asked_as" value="([0-9a-f-]{36})"', page_of(lead.get(URL)))
    assert key is not None
    form = {"reasons": ["calls_unanswered"], "asked_as": key[1]}
    first, second = lead.post(URL, form), lead.post(URL, form)
    batch = LetterBatch.objects.get()
    assert first["Location"] == second["Location"] == f"{URL}{batch.pk}/"
    with records():
        assert Letter.objects.count() == 1
    assert "Der er ingen breve at lave" in page_of(lead.post(URL, {"reasons": ["calls_unanswered"]}))


def test_the_page_gone_back_to_after_undoing_makes_a_new_batch_once(lead):
    """Back, and posted with the old page's key: not the undone batch without letters."""
    due_citizen("Aase Digital")
    key = re.search(r'name="asked_as" value="([0-9a-f-]{36})"', page_of(lead.get(URL)))
    assert key is not None
    form = {"reasons": ["calls_unanswered"], "asked_as": key[1]}
    undone = lead.post(URL, form)["Location"]
    lead.post(f"{undone}fortryd/")
    again, twice = lead.post(URL, form)["Location"], lead.post(URL, form)["Location"]
    assert again == twice != undone
    with records():
        assert list(Letter.objects.order_by("id").values_list("state", flat=True)) == ["taken_out", "waiting"]

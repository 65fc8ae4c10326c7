"""The pages of own selections and of cases opened by hand (L9)."""

from datetime import date

import pytest
from django.test import Client

from campaigns.models import ContactAttempt
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Case, Citizen, FollowUp, Programme, Selection
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, logged, phone, records
from tests.factories.registry import cpr_number

pytestmark = pytest.mark.django_db


def wished(**changes: object) -> dict[str, object]:
    return {
        "programme": Programme.objects.get(code="covid-19").pk,
        "name": "65+ med pleje og hjælp",
        "purpose": "Opfølgning efter sundhedsloven",
        "age_from": "65",
        "age_on": "20.04.2021",
        "services": ["personal_care", "practical_help"],
    } | changes


def case(**changes: object) -> dict[str, object]:
    return {
        "programme": Programme.objects.get(code="covid-19").pk,
        "called_by": "relative",
        "caller_name": "Lone",
        "reason": "Datter ringer for sin mor",
    } | changes


@pytest.fixture
def lead() -> Client:
    clock_at(NOW)
    return client_with_role(Role.TEAM_LEAD)


def test_a_selection_is_previewed_started_and_undone(lead: Client) -> None:
    with records():
        citizen("Aase Mikkelsen", birth_date=date(1939, 1, 11), personal_care=True, practical_help=True)
        citizen("Bent Holm", birth_date=date(1939, 1, 11), personal_care=True)
    answer = lead.post("/lister/udvalg/nyt/", wished(), follow=True)
    page = answer.content.decode()
    assert "Nye opfølgninger" in page
    assert "mindst 65 år pr. 20.04.2021" in page
    assert "personlig pleje og praktisk hjælp" in page
    selection = Selection.objects.get()
    address = f"/lister/udvalg/{selection.pk}/"
    with records():
        assert not FollowUp.objects.exists()
    named = lead.get(f"{address}?gruppe=open").content.decode()
    assert "Aase Mikkelsen" in named
    assert "Bent Holm" not in named
    assert len(logged(Action.LOOK, subject_kind="citizen", purpose="Vist i eget udvalg")) == 1
    assert "Udvalget er startet" in lead.post(f"{address}start/", follow=True).content.decode()
    with records():
        assert FollowUp.objects.get().status == "open"
    assert "Udvalget er fortrudt" in lead.post(f"{address}fortryd/", follow=True).content.decode()
    with records():
        assert FollowUp.objects.get().closed_reason == "undone"


def test_what_is_missing_is_said_at_its_field(lead: Client) -> None:
    answer = lead.post("/lister/udvalg/nyt/", wished(purpose="", age_from="80", age_to="70"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv formålet" in page
    assert "Alderen til og med er lavere" in page
    nothing = lead.post("/lister/udvalg/nyt/", wished(age_from="", services=[]))
    assert "Vælg mindst ét kriterium" in nothing.content.decode()
    assert not Selection.objects.exists()


def test_a_draft_can_be_thrown_away(lead: Client) -> None:
    lead.post("/lister/udvalg/nyt/", wished())
    selection = Selection.objects.get()
    assert "Kladden er slettet" in lead.post(f"/lister/udvalg/{selection.pk}/slet/", follow=True).content.decode()
    assert not Selection.objects.exists()


def test_somebody_nobody_knows_gets_a_case_and_can_be_answered_at_once(lead: Client) -> None:
    form = case(name="Carla Yilmaz", cpr="", birth_date="01.02.1941", phone="20 12 34 56")
    answer = lead.post("/borgere/ny-sag/", form, follow=True)
    page = answer.content.decode()
    assert "Sagen er oprettet" in page
    with records():
        made = Citizen.objects.get()
        opened = FollowUp.objects.get()
        assert (made.name, made.cpr_kind, opened.origin, opened.status) == ("Carla Yilmaz", "none", "case", "open")
        told = Case.objects.get()
        assert (told.called_by, told.reason) == ("relative", "Datter ringer for sin mor")
    said = {"outcome": "needs_ride", "spoke_with": "relative"}
    saved = lead.post(f"/borger/{made.pk}/svar/", said, follow=True)
    assert saved.status_code == 200
    with records():
        assert ContactAttempt.objects.count() == 1
        # A ride hangs on a time, and there is none yet: it is asked for first (K14).
        assert FollowUp.objects.get().next_step_kind == "booking_request"


def test_a_known_citizen_is_offered_before_anybody_is_made_twice(lead: Client) -> None:
    with records():
        known = citizen("Aase Mikkelsen", cpr=cpr_number(1))
        phone(known, "+4520123456")
    by_number = lead.post("/borgere/ny-sag/", case(name="Åse M", cpr=cpr_number(1))).content.decode()
    assert "Borgeren er i registret" in by_number
    assert f"/borgere/ny-sag/{known.pk}/" in by_number
    by_phone = lead.post("/borgere/ny-sag/", case(name="Åse M", phone="20123456")).content.decode()
    assert "Er det en af disse?" in by_phone
    with records():
        assert Citizen.objects.count() == 1
    lead.post("/borgere/ny-sag/", case(name="Åse M", phone="20123456", another="1"))
    with records():
        assert Citizen.objects.count() == 2


def test_a_citizen_on_no_list_is_offered_a_case_on_their_page(lead: Client) -> None:
    with records():
        known = citizen("Aase Mikkelsen")
    assert f"/borgere/ny-sag/{known.pk}/" in lead.get(f"/borger/{known.pk}/").content.decode()
    lead.post(f"/borgere/ny-sag/{known.pk}/", case())
    page = lead.get(f"/borger/{known.pk}/").content.decode()
    assert "Sag oprettet efter henvendelse" in page
    assert f"/borgere/ny-sag/{known.pk}/" not in page


def test_a_case_opens_a_no_again_and_leaves_an_open_follow_up_alone(lead: Client) -> None:
    with records():
        refused, waiting = citizen("Aase Mikkelsen"), citizen("Bent Holm")
        follow_up(
            refused, status="closed", closed_reason="declined", closed_at=NOW, outcome="declined", outcome_at=NOW,
            next_step_kind="", next_step_at=None, next_step_reason="",
        )  # fmt: skip
        before = follow_up(waiting)
    for each in (refused, waiting):
        lead.post(f"/borgere/ny-sag/{each.pk}/", case())
    with records():
        assert FollowUp.objects.get(citizen=refused).status == "open"
        after = FollowUp.objects.get(pk=before.pk)
        assert (after.origin, after.weeks_on_list, after.opened_at) == ("list", 2, before.opened_at)
        assert Case.objects.count() == 2


def test_who_wants_no_contact_or_is_dead_gets_no_case(lead: Client) -> None:
    with records():
        silent = citizen("Aase Mikkelsen", do_not_contact_since=NOW)
        dead = citizen("Bent Holm", status="deceased")
    for each, words in ((silent, "ikke at blive kontaktet"), (dead, "»Død«")):
        answer = lead.post(f"/borgere/ny-sag/{each.pk}/", case())
        assert answer.status_code == 422
        assert words in answer.content.decode()
    with records():
        assert not FollowUp.objects.exists()

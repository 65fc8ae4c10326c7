"""The pages of booking on behalf: the municipality's, the region's desk, the chain; as every role (K11, K14)."""

from datetime import timedelta

import pytest
from django.test import Client

from campaigns.booking_rules import ReminderPlan
from campaigns.models import BookingRequest, BookingRoute, CareChain, ChainLink, SmsMessage
from campaigns.services.bookings import Wishes, ask_again, desk
from campaigns.services.bookings.reminders import reminder_plan
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from registry.models import Citizen
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, clock_at, logged, queries_of, records
from tests.factories.geography import CENTRAL_REGION, HOEJE_TAASTRUP, ISHOEJ
from tests.factories.popup_sites import published_session, site_in

pytestmark = pytest.mark.django_db
NAME = "Aase Birthe Mikkelsen"
DESK = "/region/bookinger/"


@pytest.fixture
def mette():
    clock_at()
    contact_point()
    return caseworker()


@pytest.fixture
def tom():
    return desk_hand()


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def page_of(response) -> str:
    assert response.status_code in (200, 422), response
    return response.content.decode()


def request_for(mette, wishes=None, **changes) -> BookingRequest:
    with records():
        wanted = booker(**changes)
    return asked(mette, wanted, wishes)


def test_the_page_shows_each_request_under_what_somebody_must_do(mette, tom):
    waiting = request_for(mette, name="Venter Hansen")
    request_for(mette, name="Svar Mangler")
    proposed = request_for(mette, name="Forslag Jensen")
    taken(tom, proposed, NOW)
    with data_context(tom):
        desk.propose(by=tom, request_id=proposed.pk, booked_at=BOOKED_AT, place="Centret", now=NOW)
    with records():
        BookingRequest.objects.exclude(pk__in=[waiting.pk, proposed.pk]).update(answer_due="2021-04-19")
    browser = client_of("mette")
    assert "Forslag Jensen" in page_of(browser.get("/bookingoensker/"))
    overdue = page_of(browser.get("/bookingoensker/?vis=overdue"))
    assert "Svar Mangler" in overdue
    assert "Venter Hansen" not in overdue
    assert "Regionen skulle have svaret" in overdue
    assert "Venter Hansen" in page_of(browser.get("/bookingoensker/?vis=waiting"))
    assert {event.purpose for event in logged(Action.LOOK)} == {"Bookingønsker"}


def test_the_list_asks_as_many_questions_for_twenty_rows_as_for_two(mette):
    browser = client_of("mette")
    for number in range(2):
        request_for(mette, name=f"Bo {number}")
    few = queries_of(lambda: browser.get("/bookingoensker/?vis=waiting"))
    for number in range(10):
        request_for(mette, name=f"Else {number}")
    assert queries_of(lambda: browser.get("/bookingoensker/?vis=waiting")) == few


def test_a_caseworker_asks_for_a_time_and_answers_the_proposal(mette, tom):
    with records():
        wanted = booker()
    browser = client_of("mette")
    address = f"/borger/{wanted.citizen_id}/booking/"
    assert "Send til regionen" in page_of(browser.get(address))
    none = browser.post(address, {"mobility": "none", "confirm_to": "citizen"})
    assert none.status_code == 422
    answer = browser.post(
        address,
        {
            "follow_ups": [wanted.pk],
            "days": ["0", "2"],
            "times": ["morning"],
            "mobility": "rollator",
            "needs_ride": "on",
            "confirm_to": "citizen",
            "note": "Ring på nederste klokke",
        },
    )
    with records():
        made = BookingRequest.objects.get()
    assert answer.headers["Location"] == f"/bookingoensker/{made.pk}/"
    page = page_of(browser.get(answer.headers["Location"]))
    for words in ("Mandag, Onsdag", "Formiddag", "Rollator", "kørsel", "Ring på nederste klokke", "i morgen"):
        assert words in page


def test_every_button_of_the_page_does_what_it_says(mette, tom):
    browser = client_of("mette")
    request = request_for(mette)
    address = f"/bookingoensker/{request.pk}/"

    def state() -> str:
        with records():
            return BookingRequest.objects.get(pk=request.pk).state

    evening = {"mobility": "none", "confirm_to": "citizen", "times": ["evening"], "seen": "sent"}
    assert 'name="seen" value="sent"' in page_of(browser.get(address))
    browser.post(f"{address}oensker/", evening)
    assert "Aften" in page_of(browser.get(address))
    confirmed(tom, request)
    assert "Bed om en anden tid" in page_of(browser.get(address))
    browser.post(f"{address}paamind/")
    second = browser.post(f"{address}paamind/", follow=True)
    assert "har allerede sendt en påmindelse" in second.content.decode()
    seen = f"confirmed {BOOKED_AT.isoformat()}"
    assert f'name="seen" value="{seen}"' in page_of(browser.get(address))
    browser.post(f"{address}oensker/", {"mobility": "none", "confirm_to": "citizen", "seen": seen})
    assert state() == "sent"
    browser.post(f"{address}traek-tilbage/")
    assert state() == "withdrawn"
    assert "trukket tilbage" in page_of(browser.get(address)).lower()


def test_a_telephone_message_and_attendance_are_written_down(mette, tom):
    browser = client_of("mette")
    request = confirmed(tom, request_for(mette, mobile=False))
    address = f"/bookingoensker/{request.pk}/"
    assert "Ring og fortæl borgeren om tiden" in page_of(browser.get(address))
    browser.post(f"{address}besked/", {"how": "call"})
    assert "Fik besked" in page_of(browser.get(address))
    clock_at(BOOKED_AT + timedelta(hours=1))
    assert "Borgeren kom ikke" in page_of(browser.get(address))
    browser.post(f"{address}fremmoede/", {"came": "no"})
    with records():
        assert BookingRequest.objects.get().state == "no_show"


@pytest.mark.parametrize("role", Role, ids=str)
def test_who_may_see_the_requests_and_who_the_desk(role, mette, tom):
    request = request_for(mette)
    browser = client_with_role(role, username=f"as-{role}")
    asks = role in {Role.CASEWORKER, Role.TEAM_LEAD}
    answers = role == Role.REGION_BOOKING_DESK
    for address, may in [
        ("/bookingoensker/", asks),
        (f"/bookingoensker/{request.pk}/", asks),
        ("/forloeb/", asks),
        (DESK, answers),
        (f"{DESK}{request.pk}/", answers),
    ]:
        assert browser.get(address).status_code == (200 if may else 403), address


def test_what_others_asked_does_not_exist(mette):
    request = request_for(mette)
    with records():
        link_id = ChainLink.objects.create(
            municipality_id=request.municipality_id,
            chain=request.chain,
            request=request,
            kind="ride",
            updated_at=NOW,
        ).pk
    neighbour = client_with_role(Role.CASEWORKER, HOEJE_TAASTRUP, username="nabo")
    stranger = client_with_role(Role.REGION_BOOKING_DESK, CENTRAL_REGION, username="fremmed")
    assert neighbour.get(f"/bookingoensker/{request.pk}/").status_code == 404
    assert neighbour.post(f"/bookingoensker/{request.pk}/aflys/").status_code == 404
    assert neighbour.post(f"/forloeb/aftale/{link_id}/").status_code == 404
    assert stranger.get(f"{DESK}{request.pk}/").status_code == 404
    assert stranger.post(f"{DESK}{request.pk}/tag/").status_code == 404
    assert stranger.post(f"{DESK}{request.pk}/svar/", {"answer": "refuse"}).status_code == 404
    assert "Alle ønsker er besvaret" in page_of(stranger.get(DESK))


def test_the_desks_queue_and_an_untaken_request_name_nobody(mette, tom):
    with records():
        wanted = booker()
        number = wanted.citizen.cpr_masked[:6]
    request = asked(mette, wanted, Wishes(note="Ring på nederste klokke"))
    browser = client_of("tom")
    for address in (DESK, f"{DESK}{request.pk}/"):
        page = page_of(browser.get(address))
        for private in (NAME, number, "nederste klokke", "Vejlebrovej", "20 1"):
            assert private not in page, (address, private)
    assert "Ishøj" in page_of(browser.get(DESK))
    with records():
        assert not AccessEvent.objects.filter(subject_kind="citizen", action=Action.LOOK).exists()


def test_the_desk_takes_the_next_sees_what_it_needs_and_nothing_else(mette, tom):
    with records():
        wanted = booker()
        wanted.citizen.contact_attempts.create(
            municipality_id=wanted.municipality_id,
            kind="call",
            at=NOW,
            by_name="Mette Holm",
            note="Er bange for sprøjter",
        )
    request = asked(mette, wanted, Wishes(days=[2], mobility="wheelchair", note="Ring på nederste klokke"))
    browser = client_of("tom")
    taken_page = page_of(browser.post(f"{DESK}naeste/", follow=True))
    for words in (NAME, "Kørestol", "Onsdag", "Ring på nederste klokke", "Covid-19"):
        assert words in taken_page
    # No address, no history, no list, no household, no whole number.
    for private in ("Vejlebrovej", "bange for sprøjter", "Målgruppe", "husstand", "Uge 16"):
        assert private not in taken_page
    with records():
        look = AccessEvent.objects.get(subject_kind="citizen", action=Action.LOOK, user_id=tom.user_id)
        assert (look.subject_id, look.municipality_id) == (str(wanted.citizen_id), wanted.municipality_id)
        cpr = Citizen.objects.get().cpr_formatted
    revealed = browser.post(f"{DESK}{request.pk}/cpr/", headers={"HX-Request": "true"})
    assert cpr in page_of(revealed)
    with records():
        assert AccessEvent.objects.filter(action=Action.REVEAL, user_id=tom.user_id).count() == 1


def test_a_number_is_not_shown_for_a_request_nobody_took(mette, tom):
    request = request_for(mette)
    answer = client_of("tom").post(f"{DESK}{request.pk}/cpr/")
    assert answer.status_code == 302
    with records():
        assert not AccessEvent.objects.filter(action=Action.REVEAL).exists()


def test_the_desk_books_at_a_popup_or_says_why_not_and_then_sees_no_more(mette, tom):
    session = published_session(site_in())
    first, second = request_for(mette), request_for(mette, name="Bodil Krogh")
    browser = client_of("tom")
    browser.post(f"{DESK}{first.pk}/tag/")
    wrong = page_of(browser.post(f"{DESK}{first.pk}/svar/", {"answer": "confirm", "session": session.pk}))
    assert "Fejl:" in wrong
    late = {"answer": "confirm", "session": session.pk, "day": "21.04.2021", "clock": "22.00"}
    assert "har ikke åbent på det tidspunkt" in page_of(browser.post(f"{DESK}{first.pk}/svar/", late))
    done = browser.post(f"{DESK}{first.pk}/svar/", late | {"clock": "15.30"})
    assert done.headers["Location"] == DESK
    session.refresh_from_db()
    assert session.reserved == 1
    assert NAME in page_of(browser.get(f"{DESK}{first.pk}/"))
    browser.post(f"{DESK}{second.pk}/tag/")
    refusal = page_of(browser.post(f"{DESK}{second.pk}/svar/", {"answer": "refuse", "refusal": "other"}))
    assert "Skriv til kommunen" in refusal
    browser.post(f"{DESK}{second.pk}/svar/", {"answer": "refuse", "refusal": "no_times"})
    clock_at(NOW + timedelta(minutes=16))
    gone = page_of(browser.get(f"{DESK}{first.pk}/"))
    assert NAME not in gone
    assert "Ønsket er ikke længere hos jer" in gone
    clock_at(NOW + timedelta(days=2))
    assert browser.get(f"{DESK}{first.pk}/").status_code == 404


@pytest.mark.case("SS06")
@pytest.mark.parametrize(("day", "words"), [("27.03.2022", "findes ikke"), ("31.10.2021", "kommer to gange")])
def test_a_time_in_the_night_of_the_clock_is_refused_and_nothing_is_sent(mette, tom, day, words):
    request = request_for(mette)
    browser = client_of("tom")
    browser.post(f"{DESK}{request.pk}/tag/")
    page = browser.post(
        f"{DESK}{request.pk}/svar/", {"answer": "confirm", "day": day, "clock": "02.30", "place": "Centret"}
    )
    assert words in page_of(page)
    with records():
        assert not SmsMessage.objects.exists()


def test_a_colleagues_request_says_whose_it_is(mette, tom):
    desk_hand("eva")
    request = request_for(mette)
    taken(tom, request, NOW)
    page = page_of(client_of("eva").get(f"{DESK}{request.pk}/"))
    assert "En kollega har ønsket" in page
    assert NAME not in page
    answer = client_of("eva").post(
        f"{DESK}{request.pk}/svar/",
        {"answer": "confirm", "day": "26.04.2021", "clock": "10", "place": "Centret"},
    )
    assert NAME not in page_of(answer)


def test_the_chain_shows_what_hangs_together_and_is_handed_over(mette, tom):
    caseworker("jonas")
    request = confirmed(tom, request_for(mette, Wishes(needs_ride=True)))
    browser = client_of("mette")
    address = f"/borger/{request.citizen_id}/forloeb/"
    assert "Kørsel" in page_of(browser.get("/forloeb/"))
    page = page_of(browser.get(address))
    for words in ("Kørsel", "Skal aftales", "1 ting skal aftales", "Overdrag"):
        assert words in page
    with records():
        link = ChainLink.objects.get(kind="ride")
        chain = CareChain.objects.get()
    form = {
        f"link-{link.pk}-day": "26.04.2021",
        f"link-{link.pk}-clock": "13.15",
        f"link-{link.pk}-provider": "transport",
        f"link-{link.pk}-pick_up": "Hovedindgangen",
        f"link-{link.pk}-aids": ["rollator"],
    }
    after_visit = browser.post(f"/forloeb/aftale/{link.pk}/", form | {f"link-{link.pk}-clock": "15.00"})
    assert "ligger efter den bestilte tid" in page_of(after_visit)
    browser.post(f"/forloeb/aftale/{link.pk}/", form)
    page = page_of(browser.get(address))
    for words in ("Kørselsafdelingen", "hentes Hovedindgangen", "rollator", "Aftalt"):
        assert words in page
    assert "Alt er aftalt" in page_of(browser.get("/forloeb/"))
    jonas = User.objects.get(username="jonas")
    browser.post(f"/forloeb/{chain.pk}/overdrag/", {"to_user": jonas.pk})
    with records():
        chain.refresh_from_db()
        assert chain.caseworker_id == jonas.pk
    browser.post(f"/bookingoensker/{request.pk}/aftal/", {"kind": "helper"})
    assert "Hjælper fra hjemmeplejen" in page_of(client_of("jonas").get("/forloeb/"))
    assert "Hjælper fra hjemmeplejen" not in page_of(browser.get("/forloeb/"))
    assert "Hjælper fra hjemmeplejen" in page_of(browser.get("/forloeb/?vis=alle"))
    with records():
        helper = ChainLink.objects.get(kind="helper")
    browser.post(f"/forloeb/aftale/{helper.pk}/fjern/")
    browser.post(f"/forloeb/aftale/{link.pk}/gennemfoert/")
    with records():
        assert set(ChainLink.objects.values_list("kind", "state")) == {("ride", "done"), ("helper", "cancelled")}


def test_the_menu_counts_what_waits_for_a_person(mette, tom):
    confirmed(tom, request_for(mette, Wishes(needs_ride=True), mobile=False))
    request_for(mette, name="Bodil Krogh")
    page = page_of(client_of("mette").get("/bookingoensker/"))
    assert "Bookingønsker" in page
    assert "1 ønske venter på et svar" in page_of(client_of("tom").get(DESK))
    assert BookingRoute.objects.open().count() == 1


def test_a_team_lead_decides_when_citizens_are_reminded(mette):
    lead = client_with_role(Role.TEAM_LEAD, username="karen")
    address = "/bookingoensker/paamindelser/"
    assert "2 dage før" in page_of(lead.get(address))
    assert lead.post(address, {"days_before": "99", "hour": "10"}).status_code == 422
    lead.post(address, {"days_before": "", "hour": "12", "evening_before": "on"})
    assert reminder_plan(ISHOEJ) == ReminderPlan(None, 12, True)
    assert "Påmindelser" in page_of(lead.get("/bookingoensker/"))
    assert client_of("mette").get(address).status_code == 403


def test_the_desk_is_told_of_the_time_that_another_is_asked_for_instead_of(mette, tom):
    request = confirmed(tom, request_for(mette))
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=Wishes(), now=NOW + timedelta(minutes=20))
    taken(tom, request, NOW + timedelta(minutes=20))
    page = page_of(client_of("tom").get(f"{DESK}{request.pk}/"))
    assert "26.04.2021 kl. 14" in page
    assert "Aflys den, hvis den står i jeres eget bookingsystem" in page

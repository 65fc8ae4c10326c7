"""C5 at the region's desk: a protected citizen is seen by it only after a person's release, for that one visit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from campaigns.models import BookingRequest, BookingRoute, ContactAttempt
from campaigns.reasons import sentence
from campaigns.services.bookings import (
    Wishes,
    ask_again,
    cancel,
    change_wishes,
    desk,
    request_booking,
    settling,
    withdraw_for_attempt,
)
from campaigns.services.bookings.releasing import release_to_region
from campaigns.services.bookings.sweeping import sweep_bookings
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.audit.models import AccessEvent, Action
from outreach.errors import UserError
from registry.models import Citizen, FollowUp
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.contact_pages import NOW, claimed, clock_at, records, waiting_citizen
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
NAME = "Aase Birthe Mikkelsen"
DESK = "/region/bookinger/"
WHY = "Borgeren har selv bedt om en tid"
LATER = NOW + timedelta(minutes=20)


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


def request_of(mette, wishes: Wishes | None = None, **changes) -> BookingRequest:
    with records():
        wanted = booker(**changes)
    return asked(mette, wanted, wishes)


def protect(request: BookingRequest, until: date | None = None) -> None:
    with records():
        Citizen.objects.filter(pk=request.citizen_id).update(protected=True, protected_until=until)


def fresh(request: BookingRequest) -> BookingRequest:
    with records():
        return BookingRequest.objects.select_related("citizen").get(pk=request.pk)


def release(mette, request: BookingRequest, reason: str = WHY, now=LATER) -> None:
    with data_context(mette):
        release_to_region(by=mette, request_id=request.pk, reason=reason, now=now)


def sweep(now=LATER) -> int:
    with records():
        return sweep_bookings(municipality_id=ISHOEJ, now=now).held


def test_a_protected_citizens_request_waits_until_somebody_says_why_the_region_may_see_them(mette, tom):
    request = request_of(mette, protected=True)
    assert fresh(request).state == "held"
    assert not BookingRoute.objects.exists()
    with records():
        step = FollowUp.objects.get()
        assert (step.next_step_kind, step.next_step_reason) == ("booking_request", "booking_held")
        assert step.next_step_at == NOW
        assert "Frigiv borgerens oplysninger" in sentence(step.next_step_reason, {}, step.next_step_at)
    for reason, code in [("  ", "release_no_reason"), ("a" * 301, "release_too_long")]:
        with data_context(mette), pytest.raises(UserError) as refused:
            release_to_region(by=mette, request_id=request.pk, reason=reason, now=LATER)
        assert refused.value.code == code
    release(mette, request)
    assert (fresh(request).state, fresh(request).release_reason) == ("sent", WHY)
    taken(tom, request, LATER)
    page = page_of(client_of("tom").get(f"{DESK}{request.pk}/"))
    assert NAME in page
    assert "Beskyttet, frigivet til denne tid" in page
    release(mette, request, "En gang til")
    assert fresh(request).release_reason == WHY
    with records():
        log = AccessEvent.objects.get(action=Action.EXPORT, subject_kind="citizen")
        assert (log.subject_id, log.user_id) == (str(request.citizen_id), mette.user_id)
        assert log.purpose == "Beskyttede oplysninger frigivet til regionens bookingvagt"
        # The reason is health-near text: on the request, encrypted, never in the log.
        assert WHY not in str(log.detail)


def test_protection_that_has_ended_needs_no_release(mette):
    assert fresh(request_of(mette, protected=True, protected_until=date(2021, 4, 19))).state == "sent"
    assert fresh(request_of(mette, name="Bo", protected=True, protected_until=date(2021, 4, 20))).state == "held"


def test_whoever_is_protected_while_the_request_waits_is_held_back(mette, tom):
    request = request_of(mette)
    protect(request)
    with data_context(tom), pytest.raises(UserError) as refused:
        desk.claim(by=tom, request_id=request.pk, now=LATER)
    assert refused.value.code == "awaits_release"
    with data_context(tom):
        assert desk.claim_next(by=tom, now=LATER) is None
    assert sweep() == 1
    assert sweep() == 0
    assert fresh(request).state == "held"
    clock_at(LATER)
    page = page_of(client_of("tom").get(DESK))
    assert "Kommunen skal først frigive borgerens oplysninger" in page
    assert NAME not in page
    release(mette, request)
    assert BookingRoute.objects.open().get().pk == request.pk


def test_whoever_is_protected_while_the_desk_has_them_is_seen_no_more(mette, tom):
    request = request_of(mette, Wishes(note="Ring på nederste klokke"))
    taken(tom, request)
    protect(request)
    browser = client_of("tom")
    with records():
        cpr = Citizen.objects.get().cpr_formatted
    answers = [
        browser.get(f"{DESK}{request.pk}/"),
        browser.post(f"{DESK}{request.pk}/cpr/", follow=True),
        browser.post(
            f"{DESK}{request.pk}/svar/",
            {"answer": "confirm", "day": "26.04.2021", "clock": "14.00", "place": "Centret"},
        ),
        browser.post(f"{DESK}{request.pk}/svar/", {"answer": "refuse", "refusal": "no_times"}),
    ]
    for answer in answers:
        page = page_of(answer)
        for private in (NAME, cpr[:6], "nederste klokke", "20 1"):
            assert private not in page
        assert "Borgerens oplysninger er ikke frigivet" in page
        assert "43 57 75 75" in page
    with records():
        assert not AccessEvent.objects.filter(action=Action.REVEAL).exists()
    assert fresh(request).state == "taken"
    assert sweep() == 1
    assert fresh(request).state == "held"


def test_a_hand_that_lays_back_a_protected_citizen_lays_them_with_the_municipality(mette, tom):
    request = request_of(mette)
    taken(tom, request)
    protect(request)
    with data_context(tom):
        desk.release(by=tom, request_id=request.pk, now=LATER)
    assert fresh(request).state == "held"
    assert not BookingRoute.objects.open().exists()


def test_what_was_held_goes_to_the_desk_when_the_protection_ends(mette):
    request = request_of(mette, protected=True, protected_until=date(2021, 4, 20))
    assert sweep() == 0
    assert sweep(NOW + timedelta(days=1)) == 1
    assert fresh(request).state == "sent"


def test_a_time_is_cancelled_by_the_desk_without_seeing_whom_nobody_released(mette, tom):
    request = confirmed(tom, request_of(mette))
    protect(request)
    with data_context(mette):
        cancel(by=mette, request_id=request.pk, now=LATER)
    taken(tom, request, LATER)
    clock_at(LATER)
    browser = client_of("tom")
    page = page_of(browser.get(f"{DESK}{request.pk}/"))
    assert NAME not in page
    assert "26.04.2021 kl. 14" in page
    browser.post(f"{DESK}{request.pk}/aflyst/")
    assert not BookingRoute.objects.open().exists()


def test_one_release_holds_for_the_whole_visit_and_not_for_the_next_dose(mette, tom):
    request = request_of(mette, protected=True)
    release(mette, request)
    confirmed(tom, request, now=LATER)
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=Wishes(), now=LATER)
    assert fresh(request).state == "sent"
    confirmed(tom, request, now=LATER, vaccine="Comirnaty")
    with data_context(mette):
        settling.citizen_came(by=mette, request_id=request.pk, now=BOOKED_AT + timedelta(hours=1))
    with records():
        assert BookingRequest.objects.get(dose=2).state == "held"


def test_a_held_request_is_changed_withdrawn_and_undone_like_one_that_was_sent(mette):
    with records():
        wanted = booker(protected=True)
        attempt = ContactAttempt.objects.create(
            municipality_id=ISHOEJ, citizen=wanted.citizen, kind="call", at=NOW, by_name="Mette Holm"
        )
    with data_context(mette):
        first = request_booking(
            by=mette, citizen=wanted.citizen, follow_ups=[wanted], wishes=Wishes(), now=NOW, attempt=attempt
        )
        again = request_booking(by=mette, citizen=wanted.citizen, follow_ups=[wanted], wishes=Wishes(), now=NOW)
        assert first == again
        change_wishes(by=mette, request_id=first.pk, wishes=Wishes(days=[2]), now=NOW)
    assert (fresh(first).state, fresh(first).days) == ("held", [2])
    with data_context(mette):
        assert withdraw_for_attempt(by=mette, attempt=attempt, now=NOW) == 1
    assert fresh(first).state == "withdrawn"


def test_the_caseworker_releases_on_the_page_or_at_once_when_asking(mette):
    with records():
        waits, goes = booker(protected=True), booker(name="Bodil Krogh", protected=True)
    browser = client_of("mette")
    wish = {"mobility": "none", "confirm_to": "citizen"}
    assert "Hvorfor må regionen få borgerens oplysninger?" in page_of(
        browser.get(f"/borger/{waits.citizen_id}/booking/")
    )
    held = browser.post(f"/borger/{waits.citizen_id}/booking/", wish | {"follow_ups": [waits.pk]}, follow=True)
    assert "venter på, at borgerens oplysninger bliver frigivet" in page_of(held)
    sent = {"follow_ups": [goes.pk], "release_reason": WHY}
    page = page_of(browser.post(f"/borger/{goes.citizen_id}/booking/", wish | sent, follow=True))
    assert "Ønsket er sendt til regionens bookingvagt" in page
    assert f"Frigivet til regionen af {mette.name}" in page
    listed = page_of(browser.get("/bookingoensker/"))
    assert NAME in listed
    assert "Bodil Krogh" not in listed
    with records():
        request = BookingRequest.objects.get(state="held")
    address = f"/bookingoensker/{request.pk}/"
    assert "Frigiv og send til regionen" in page_of(browser.get(address))
    missing = browser.post(f"{address}frigiv/", {"release_reason": " "})
    assert missing.status_code == 422
    assert "Skriv, hvorfor regionen må få borgerens oplysninger" in page_of(missing)
    assert fresh(request).state == "held"
    assert WHY in page_of(browser.post(f"{address}frigiv/", {"release_reason": WHY}, follow=True))
    assert fresh(request).state == "sent"


def test_the_call_screen_says_before_saving_that_the_request_will_wait(mette):
    with records():
        task = claimed(waiting_citizen(protected=True), User.objects.get(username="mette"))
    preview = client_of("mette").post(
        f"/opkald/{task.pk}/naeste-skridt/", {"outcome": "needs_booking_help"}, headers={"HX-Request": "true"}
    )
    assert "Frigiv borgerens oplysninger" in page_of(preview)
    with records():
        assert not BookingRequest.objects.exists()


@pytest.mark.parametrize("released", [True, False])
def test_the_history_says_why_a_held_request_went_to_the_desk_after_all(mette, tom, released: bool) -> None:
    with records():
        wanted = booker(protected=True)
    request = asked(mette, wanted)
    with records():
        assert BookingRequest.objects.get().state == "held"
        if released:
            # As when a released request of a person's other record was merged into this one.
            BookingRequest.objects.update(released_at=LATER, release_reason=WHY)
        else:
            Citizen.objects.update(protected=False)
        sweep_bookings(municipality_id=ISHOEJ, now=LATER)
        last = request.changes.order_by("-id")[0]
        assert (last.to_state, last.reason) == (
            "sent", f"Frigivet til regionen: {WHY}" if released else "Beskyttelsen er ophørt"
        )  # fmt: skip

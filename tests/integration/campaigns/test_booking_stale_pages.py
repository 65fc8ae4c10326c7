"""A page of a booking request that shows what no longer holds: nothing is lost by it, and nothing untrue is said (K11,
C5).
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from campaigns.models import BookingRequest
from campaigns.services.bookings import Wishes, ask_again, change_wishes, withdraw
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.audit.models import AccessEvent, Action
from outreach.errors import UserError
from registry.models import Citizen
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.contact_pages import NOW, clock_at, follow_up, records

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
WISH = {"mobility": "none", "confirm_to": "citizen", "note": "Kun om aftenen"}
WHY = {"release_reason": "Borgeren har bedt om det"}


@pytest.fixture
def mette():
    clock_at(LATER)
    contact_point()
    return caseworker()


@pytest.fixture
def tom():
    return desk_hand()


@pytest.fixture
def window(mette) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="mette"))
    return client


def request_of(mette, **changes) -> BookingRequest:
    with records():
        wanted = booker(**changes)
    return asked(mette, wanted)


def fresh(request: BookingRequest) -> BookingRequest:
    with records():
        return BookingRequest.objects.get(pk=request.pk)


def address(request: BookingRequest, act: str = "") -> str:
    return f"/bookingoensker/{request.pk}/{act}"


def seen_on(window: Client, request: BookingRequest) -> dict[str, str]:
    """What the page's form posts back of where the request stood."""
    found = re.search(r'name="seen" value="([^"]*)"', window.get(address(request)).content.decode())
    return {"seen": found[1]} if found else {}


def exports() -> int:
    with records():
        return AccessEvent.objects.filter(action=Action.EXPORT).count()


def test_new_wishes_from_a_page_of_before_do_not_throw_a_given_time_away(mette, tom, window):
    request = request_of(mette)
    seen = seen_on(window, request)
    confirmed(tom, request)
    answer = window.post(address(request, "oensker/"), WISH | seen)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bookingønsket er i mellemtiden: tid er bestilt" in page
    assert "har fået de nye ønsker" not in page
    assert (fresh(request).state, fresh(request).booked_at, fresh(request).note) == ("confirmed", BOOKED_AT, "")


def test_nor_one_given_instead_of_the_time_the_page_showed(mette, tom, window):
    request = confirmed(tom, request_of(mette))
    seen = seen_on(window, request)
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=Wishes(), now=LATER)
    other = BOOKED_AT + timedelta(days=1)
    confirmed(tom, request, now=LATER, booked_at=other)
    assert window.post(address(request, "oensker/"), WISH | seen).status_code == 422
    assert (fresh(request).state, fresh(request).booked_at) == ("confirmed", other)


@pytest.mark.parametrize("state", ["taken", "confirmed"])
def test_wishes_are_not_changed_under_the_desks_hands(mette, tom, state):
    request = request_of(mette)
    (taken if state == "taken" else confirmed)(tom, request)
    with data_context(mette), pytest.raises(UserError) as refused:
        change_wishes(by=mette, request_id=request.pk, wishes=Wishes(note="Ny"), now=LATER)
    assert refused.value.code == "booking_moved_on"
    assert (fresh(request).state, fresh(request).note) == (state, "")


def test_wishes_of_a_held_request_have_reached_nobody(mette, window):
    request = request_of(mette, protected=True)
    page = window.post(address(request, "oensker/"), WISH | seen_on(window, request), follow=True).content.decode()
    assert "De nye ønsker er gemt og venter på, at borgerens oplysninger bliver frigivet" in page
    assert "har fået de nye ønsker" not in page
    assert fresh(request).note == "Kun om aftenen"


def test_nothing_is_released_of_a_request_that_has_ended(mette, window):
    request = request_of(mette, protected=True)
    with data_context(mette):
        withdraw(by=mette, request_id=request.pk, now=LATER)
    page = window.post(address(request, "frigiv/"), WHY, follow=True).content.decode()
    assert "Bookingønsket er i mellemtiden: trukket tilbage" in page
    assert "er frigivet" not in page
    assert (fresh(request).released_at, exports()) == (None, 0)


def test_a_second_release_is_told_as_what_it_is(mette, tom, window):
    request = request_of(mette, protected=True)
    first = window.post(address(request, "frigiv/"), WHY, follow=True).content.decode()
    assert "Oplysningerne er frigivet, og ønsket er sendt til regionens bookingvagt" in first
    clock_at(LATER + timedelta(minutes=1))
    again = window.post(address(request, "frigiv/"), {"release_reason": "Noget andet"}, follow=True).content.decode()
    assert "Oplysningerne var allerede frigivet af Mette Holm. Begrundelsen er ikke ændret" in again
    assert (fresh(request).release_reason, exports()) == (WHY["release_reason"], 1)


def test_a_release_given_with_a_request_that_stands_already_is_kept_and_nothing_is_called_sent(mette, tom, window):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with records():
        Citizen.objects.update(protected=True)
    ask = WISH | WHY | {"follow_ups": [wanted.pk]}
    page = window.post(f"/borger/{wanted.citizen_id}/booking/", ask, follow=True).content.decode()
    assert (fresh(request).state, fresh(request).release_reason, exports()) == ("taken", WHY["release_reason"], 1)
    assert "Der er ikke sendt et nyt ønske. Det, der står her, er i forvejen: regionen er i gang" in page
    assert "Borgerens oplysninger er frigivet til det" in page
    assert "Ønsket er sendt" not in page


def test_a_release_is_not_written_on_a_time_that_stands(mette, tom, window):
    with records():
        wanted = booker()
        other = follow_up(wanted.citizen, "influenza")
    request = confirmed(tom, asked(mette, wanted))
    with records():
        Citizen.objects.update(protected=True)
    ask = WISH | WHY | {"follow_ups": [wanted.pk]}
    page = window.post(f"/borger/{wanted.citizen_id}/booking/", ask, follow=True).content.decode()
    assert "Det, der står her, er i forvejen: tid er bestilt" in page
    assert (fresh(request).released_at, exports()) == (None, 0)
    # The other programme has no time yet: its request is made, released and sent.
    ask["follow_ups"] = [wanted.pk, other.pk]
    page = window.post(f"/borger/{wanted.citizen_id}/booking/", ask, follow=True).content.decode()
    assert "Ønsket er sendt til regionens bookingvagt" in page
    assert (fresh(request).released_at, exports()) == (None, 1)

"""Two records that are one person are merged while both are in waves, piles and bookings: one of each is kept (C3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import (
    BookingProgramme,
    BookingRequest,
    BookingRoute,
    CareChain,
    ContactAttempt,
    Letter,
    LetterBatch,
    LetterText,
    SmsWaveRecipient,
)
from campaigns.services.bookings import Wishes, request_booking
from campaigns.services.letters import letters_to_take_out, mark_sent
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Citizen
from registry.services.citizen_merging import merge
from registry.services.lists import undo
from tests.factories.bookings import asked, booker, caseworker, confirmed, contact_point, desk_hand
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, records
from tests.factories.geography import ISHOEJ
from tests.factories.registry import committed_list, cpr_number, csv_file, row
from tests.factories.waves import approved, lead, listener

pytestmark = pytest.mark.django_db


def _letter(batch: LetterBatch, owner: Citizen, number: int) -> Letter:
    text = LetterText.objects.filter(code="contact").first()
    place = {"batch": batch, "position": number, "channel": "digital", "text": text}
    return Letter.objects.create(municipality_id=ISHOEJ, citizen=owner, **place)


def _pile() -> LetterBatch:
    return LetterBatch.objects.create(
        municipality_id=ISHOEJ, state="ready", state_changed_at=NOW, created_at=NOW, digital_file="file"
    )


def _merged(old: Citizen, valid: Citizen) -> None:
    with records() as by:
        merge(by=by, old=Citizen.objects.get(pk=old.pk), valid=Citizen.objects.get(pk=valid.pk), now=NOW)


def test_in_the_same_wave_the_place_whose_message_was_made_stays() -> None:
    with records():
        old, valid = listener("Aase Gammel").citizen, listener("Aase Ny").citizen
    approved(lead("a"), lead("b"))
    with records():
        SmsWaveRecipient.objects.filter(citizen=old).update(queued=True)
    _merged(old, valid)
    with records():
        assert list(SmsWaveRecipient.objects.values_list("citizen", "queued")) == [(valid.pk, True)]


def test_in_the_same_pile_one_letter_goes() -> None:
    with records():
        old, valid = citizen("Aase Gammel"), citizen("Aase Ny")
        batch = _pile()
        for number, owner in enumerate((old, valid), start=1):
            _letter(batch, owner, number)
    _merged(old, valid)
    with records():
        rows = Letter.objects.order_by("position").values_list("citizen", "state", "taken_out_reason")
        assert list(rows) == [(valid.pk, "taken_out", "merged"), (valid.pk, "waiting", "")]


def test_the_second_letter_in_a_printed_pile_is_told_to_be_taken_out() -> None:
    """S9: what is merged is merged on paper too, or the person gets two letters."""
    with records():
        old, valid = citizen("Aase Gammel"), citizen("Aase Ny")
        printed, later = _pile(), _pile()
        _letter(printed, old, 7)
        _letter(later, valid, 1)
        for each in (old, valid):
            follow_up(each, next_step_kind="letter", next_step_at=NOW, next_step_reason="calls_unanswered")
    _merged(old, valid)
    team_lead = actor_with_role(Role.TEAM_LEAD, username="leder")
    with data_context(team_lead):
        out = letters_to_take_out(printed, NOW)
        assert [(each.letter.position, each.reason) for each in out] == [(7, "merged")]
        assert letters_to_take_out(later, NOW) == []
        with pytest.raises(UserError, match="ændret sig"):
            mark_sent(by=team_lead, batch=printed, seen=[], now=NOW)
        assert mark_sent(by=team_lead, batch=printed, seen=[out[0].letter.pk], now=NOW) == 0
        assert mark_sent(by=team_lead, batch=later, seen=[], now=NOW) == 1
        assert ContactAttempt.objects.filter(kind="letter").count() == 1


@pytest.mark.parametrize("old_has_the_time", [True, False])
def test_with_two_requests_the_time_that_stands_is_kept_in_one_chain(old_has_the_time: bool) -> None:
    contact_point()
    with records():
        old, valid = booker("Aase Gammel"), booker("Aase Ny")
    by = caseworker()
    requests = {each.pk: asked(by, each, now=NOW - timedelta(hours=1)) for each in (old, valid)}
    kept, other = (old, valid) if old_has_the_time else (valid, old)
    confirmed(desk_hand(), requests[kept.pk], now=NOW - timedelta(minutes=30))
    _merged(old.citizen, valid.citizen)
    with records():
        states = dict(BookingRequest.objects.values_list("pk", "state"))
        assert states == {requests[kept.pk].pk: "confirmed", requests[other.pk].pk: "withdrawn"}
        assert BookingProgramme.objects.get(running=True).request_id == requests[kept.pk].pk
        chain = CareChain.objects.open().get()
        assert set(BookingRequest.objects.filter(state="confirmed").values_list("chain", "citizen")) == {
            (chain.pk, valid.citizen_id)
        }


def test_the_lighter_of_two_requests_gives_up_only_what_both_were_for() -> None:
    """K11: a time for two programmes goes on for the one that the other record had asked nothing for."""
    contact_point()
    with records():
        old, valid = booker("Aase Gammel"), booker("Aase Ny")
        second = follow_up(old.citizen, "influenza")
    by = caseworker()
    with data_context(by):
        both = request_booking(by=by, citizen=old.citizen, follow_ups=[old, second], wishes=Wishes(), now=NOW)
    one = asked(by, valid, now=NOW)
    confirmed(desk_hand(), one, now=NOW + timedelta(minutes=1))
    _merged(old.citizen, valid.citizen)
    with records():
        running = BookingProgramme.objects.filter(running=True).values_list("request", "programme__code", "citizen")
        assert set(running) == {(one.pk, "covid-19", valid.citizen_id), (both.pk, "influenza", valid.citizen_id)}
        assert dict(BookingRequest.objects.values_list("pk", "state")) == {one.pk: "confirmed", both.pk: "sent"}
        assert BookingRoute.objects.get(pk=both.pk).programme_names == second.programme.name
        told = both.changes.latest("id")
        assert (told.from_state, told.to_state) == ("sent", "sent")
        assert old.programme.name in told.reason


def test_an_undone_list_leaves_whose_letter_lies_in_a_pile_to_be_taken_out() -> None:
    by = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    listed = committed_list(by, csv_file([row(31), row(32)]))
    with records():
        unknown = {each.cpr: each for each in Citizen.objects.all()}
        batch = _pile()
        _letter(batch, unknown[cpr_number(31)], 1)
    with data_context(by):
        undo(by=by, nonresponder_list=listed, now=NOW + timedelta(days=30))
    with records():
        assert [each.cpr for each in Citizen.objects.all()] == [cpr_number(31)]
        assert [each.reason for each in letters_to_take_out(batch, NOW)] == ["closed"]

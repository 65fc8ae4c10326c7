"""Nothing goes on for the dead and the moved: each way we hear of it ends each thing that was under way (C3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from campaigns.models import (
    BookingRequest,
    BookingRoute,
    CallTask,
    CareChain,
    ChainLink,
    Conversation,
    HealthDialogue,
    Letter,
    LetterBatch,
    LetterText,
    LookupClaim,
    SmsMessage,
)
from campaigns.services.answers import record_answer, undo_answer
from campaigns.services.bookings import Wishes, chains, desk
from campaigns.services.inbox import receive_reply
from campaigns.services.leaving import end_work_of_gone
from campaigns.services.letters.marking import letters_to_take_out
from campaigns.services.messages.claiming import claim_batch
from campaigns.services.planning import plan
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Citizen, FollowUp
from registry.services.told_deaths import confirm_death
from tests.factories.bookings import BOOKED_AT, PLACE, asked, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.callbacks import sent_message, sid
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, call_task, citizen, clock_at, follow_up, phone, records
from tests.factories.geography import ISHOEJ
from tests.factories.registry import citizens_taken_in, committed_list, cpr_number, csv_file, row

pytestmark = pytest.mark.django_db
TOLD = NOW + timedelta(hours=1)
# The caller can take a slip back for 15 seconds.
SETTLED = TOLD + timedelta(seconds=16)
NUMBER = "+4520123456"
FETCHED = BOOKED_AT - timedelta(minutes=45)
REASON = "Borgeren er ikke længere omfattet af kommunens opfølgning"
Way = Callable[[Citizen, Path], None]


@pytest.fixture
def mette() -> Actor:
    return caseworker()


@pytest.fixture
def tom() -> Actor:
    return desk_hand()


def under_way(mette: Actor, tom: Actor) -> Citizen:
    """A citizen with one of everything: three bookings (a time with a ride agreed and an escort not, a proposal, a
    wish), and all that waits for them."""
    contact_point()
    with records():
        owner = citizen(cpr=cpr_number(1))
        phone(owner, NUMBER)
        wanted = [follow_up(owner, each) for each in ("covid-19", "influenza", "pneumokok")]
    confirmed(tom, asked(mette, wanted[0], Wishes(needs_ride=True, needs_escort=True)))
    with data_context(mette):
        ride = ChainLink.objects.get(kind="ride")
        chains.agree_link(by=mette, link_id=ride.pk, at=FETCHED, now=NOW + timedelta(minutes=10))
    proposed = asked(mette, wanted[1])
    taken(tom, proposed, NOW + timedelta(minutes=11))
    with data_context(tom):
        desk.propose(by=tom, request_id=proposed.pk, booked_at=BOOKED_AT, place=PLACE, now=NOW + timedelta(minutes=12))
    asked(mette, wanted[2])
    with records() as by:
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=NUMBER, body="Hvem er I?", gateway_id=sid(), media=0, at=NOW, now=NOW
        )
        common = {"status": "queued", "handed_over_at": None, "gateway": ""}
        for purpose in ("wave", "receipt", "reminder", "reply"):
            sent_message(owner, purpose=purpose, **common)
        HealthDialogue.objects.create(
            municipality_id=ISHOEJ, citizen=owner, referred_at=NOW, referred_by_name="Mette", due_at=NOW
        )
        LookupClaim.objects.create(
            municipality_id=ISHOEJ, citizen=owner, claimed_by_id=mette.user_id, claimed_until=NOW + timedelta(hours=2)
        )
        CallTask.objects.filter(citizen=owner).delete()
        call_task(owner)
        pile = LetterBatch.objects.create(
            municipality_id=ISHOEJ, state="ready", state_changed_at=NOW, created_at=NOW, created_by_name="Mette"
        )
        text = LetterText.objects.order_by("id").first()
        Letter.objects.create(municipality_id=ISHOEJ, batch=pile, citizen=owner, position=1, channel="paper", text=text)
    return owner


def still_under_way(owner: Citizen) -> dict[str, int]:
    """How many of each still go on; a letter in the pile counts until the page says to take it out."""
    mine = {"citizen": owner}
    to_take_out = letters_to_take_out(LetterBatch.objects.get(), SETTLED)
    return {
        "follow-ups": FollowUp.objects.open().filter(**mine).count(),
        "bookings": BookingRequest.objects.filter(**mine).exclude(state__in=["withdrawn", "cancelled"]).count(),
        "chains": CareChain.objects.open().filter(**mine).count(),
        "chain links": ChainLink.objects.filter(chain__citizen=owner, state__in=["needed", "agreed"]).count(),
        "to be called off": ChainLink.objects.filter(chain__citizen=owner, state="again").count(),
        "conversations": Conversation.objects.open().filter(**mine).count(),
        "talks": HealthDialogue.objects.waiting().filter(**mine).count(),
        "messages": SmsMessage.objects.filter(**mine, status="queued").count(),
        "calls": CallTask.objects.filter(**mine).waiting().count(),
        "look-ups": LookupClaim.objects.filter(**mine).count(),
        "letters": 1 - sum(each.reason in ("status", "closed") for each in to_take_out),
    }


def told(outcome: str) -> Way:
    def way(owner: Citizen, _folder: Path) -> None:
        with records() as by:
            record_answer(by=by, citizen=owner, outcome=outcome, now=TOLD, kind="call_in")
            end_work_of_gone(by=by, municipality_id=ISHOEJ, now=SETTLED)

    return way


def death_confirmed(owner: Citizen, _folder: Path) -> None:
    with records() as by:
        confirm_death(by=by, citizen=owner, now=TOLD)


def citizen_file(status: str) -> Way:
    def way(_owner: Citizen, folder: Path) -> None:
        line = (cpr_number(1), "Aase Birthe Mikkelsen", status)
        citizens_taken_in(
            actor_with_role(Role.LIST_ADMIN), csv_file([line], ("cpr", "navn", "cpr_status")), folder, now=TOLD
        )

    return way


def list_committed(owner: Citizen, _folder: Path) -> None:
    """The first list names her, the second does not, and by then another system has written that she lives elsewhere:
    no list says so by itself (L7), so the planner and the minute's job find it."""
    admin = actor_with_role(Role.LIST_ADMIN)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=date(2021, 4, 12), now=NOW + timedelta(minutes=30))
    with records():
        Citizen.objects.filter(pk=owner.pk).update(status="outside")
    committed_list(admin, csv_file([row(2)]), as_of=date(2021, 4, 19), now=TOLD)
    job = system_actor("planner", [ISHOEJ])
    with data_context(job):
        plan(by=job, now=TOLD)
        end_work_of_gone(by=job, municipality_id=ISHOEJ, now=TOLD)


# C3: these end everything.
GONE = {
    "told dead on the telephone": told("deceased"),
    "death confirmed in CPR": death_confirmed,
    "citizen file: dead": citizen_file("90"),
    "citizen file: emigrated": citizen_file("80"),
    "citizen file: disappeared": citizen_file("70"),
}
# Decision 0019: these end what the municipality does itself.
MOVED = {
    "told moved on the telephone": told("moved"),
    "citizen file: lives elsewhere": citizen_file("05"),
    "a list that passes over whoever moved": list_committed,
}
WAYS = GONE | MOVED
# The time, the proposal and the wish with the region; the receipt of the time, and the receipt, reminder and answer
# that waited beside it, while the wave and the ride's receipt go; the ride that was agreed is to be called off.
STANDS = {"bookings": 3, "chains": 1, "messages": 4, "to be called off": 1}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_way_we_hear_of_it_what_is_over_does_not_go_on(
    way: str, tmp_path: Path, mette: Actor, tom: Actor
) -> None:
    owner = under_way(mette, tom)
    with records():
        neighbour = citizen("Bente Bliver", cpr=cpr_number(9))
        phone(neighbour, "+4520999999")
        follow_up(neighbour)
        kept = sent_message(neighbour, status="queued", handed_over_at=None, gateway="", purpose="receipt")
        before = still_under_way(owner)
    assert [name for name, number in before.items() if number == 0] == ["to be called off"]
    WAYS[way](owner, tmp_path)
    with records() as by:
        left = {name: number for name, number in still_under_way(owner).items() if number}
        assert left == (STANDS if way in MOVED else {})
        kept.refresh_from_db()
        assert kept.status == "queued"
        begins = "Kommunens eget arbejde afsluttet" if way in MOVED else "Alt arbejde afsluttet"
        assert AccessEvent.objects.filter(subject_id=owner.pk, purpose__startswith=begins).count() == 1
        # The next minute's job finds nothing more to do.
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=SETTLED + timedelta(minutes=1)).citizens == 0


@pytest.mark.parametrize("way", ["told moved on the telephone", "citizen file: lives elsewhere"])
def test_who_moved_hears_of_the_time_the_region_gives_and_a_caseworker_calls_the_ride_off(
    way: str, tmp_path: Path, mette: Actor, tom: Actor
) -> None:
    owner = under_way(mette, tom)
    MOVED[way](owner, tmp_path)
    wish = BookingRoute.objects.get(task="book", closed_at=None)
    with records():
        SmsMessage.objects.filter(status="queued").delete()
    given = confirmed(tom, BookingRequest(pk=wish.pk), now=SETTLED + timedelta(minutes=5))
    with records():
        receipt = SmsMessage.objects.get(status="queued")
        assert receipt.step_key.startswith(f"receipt:{given.pk}:")
    with records():
        claimed = claim_batch(ISHOEJ, now=SETTLED + timedelta(minutes=6), size=10)
    assert [each.message_id for each in claimed.hand_overs] == [receipt.pk]
    clock_at(SETTLED)
    page = logged_in("mette").get(f"/borger/{owner.pk}/forloeb/").content.decode()
    assert "Skal aflyses, fordi borgeren er flyttet" in page
    assert "1 ting skal aflyses" in page
    everything = logged_in("mette").get("/forloeb/?vis=alle").content.decode()
    assert "Skal aflyses" in everything
    assert "Skal aftales igen" not in page + everything
    with data_context(mette):
        ride = ChainLink.objects.get(kind="ride")
        assert ride.agreed_for == FETCHED
        with pytest.raises(UserError, match="flyttet"):
            chains.agree_link(by=mette, link_id=ride.pk, at=FETCHED, now=SETTLED)
        chains.cancel_link(by=mette, link_id=ride.pk, now=SETTLED)


def test_what_who_moved_writes_about_the_time_is_read_by_a_person(tmp_path: Path, mette: Actor, tom: Actor) -> None:
    told("moved")(under_way(mette, tom), tmp_path)
    later = SETTLED + timedelta(hours=1)
    with records() as by:
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=NUMBER, body="Kan ikke den dag", gateway_id=sid(2), media=0,
            at=later, now=later,
        )  # fmt: skip
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=later + timedelta(minutes=1)).conversations == 0
        assert Conversation.objects.open().count() == 1


def test_the_region_hears_that_it_fell_away_and_no_more(tmp_path: Path, mette: Actor, tom: Actor) -> None:
    citizen_file("90")(under_way(mette, tom), tmp_path)
    # The wish nobody had taken is closed; the time and the proposal, which the region holds, are to be cancelled there.
    routes = BookingRoute.objects.order_by("pk")
    assert [(each.task, each.closed_at is None, each.ended_because) for each in routes] == [
        ("cancel", True, "not_followed"),
        ("cancel", True, "not_followed"),
        ("book", False, "not_followed"),
    ]
    clock_at(SETTLED)
    desk_client = logged_in("tom")
    queue = desk_client.get("/region/bookinger/").content.decode()
    assert queue.count(REASON) == 1
    assert "Aase" not in queue
    waiting = BookingRoute.objects.open().order_by("pk").first()
    assert waiting is not None
    _take(desk_client, waiting.pk)
    card = desk_client.get(f"/region/bookinger/{waiting.pk}/").content.decode()
    assert REASON in card
    assert "død" not in card.lower()
    # Nobody rings somebody who died about a time that is off.
    assert "20 12 34 56" not in card


def logged_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def _take(client: Client, request_id: int) -> None:
    assert client.post(f"/region/bookinger/{request_id}/tag/").status_code == 302


def test_who_had_taken_the_request_is_told_why_it_is_gone(tmp_path: Path, mette: Actor, tom: Actor) -> None:
    owner = under_way(mette, tom)
    third = BookingRoute.objects.filter(task="book", closed_at=None).get()
    taken(tom, BookingRequest(pk=third.pk), NOW + timedelta(minutes=20))
    death_confirmed(owner, tmp_path)
    clock_at(SETTLED)
    desk_client = logged_in("tom")
    page = desk_client.get(f"/region/bookinger/{third.pk}/").content.decode()
    assert REASON in page
    assert "Aase" not in page


def test_a_slip_on_the_telephone_is_undone_with_everything_as_it_stood(mette: Actor, tom: Actor) -> None:
    owner = under_way(mette, tom)
    with records():
        before = still_under_way(owner)
    with data_context(mette):
        attempt = record_answer(by=mette, citizen=owner, outcome="deceased", now=TOLD, kind="call_in")
    with records() as by:
        # Within the seconds of the undo nothing is handed back that could not be had again.
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=TOLD + timedelta(seconds=14)).citizens == 0
    with data_context(mette):
        undo_answer(by=mette, attempt=attempt, now=TOLD + timedelta(seconds=14))
    with records() as by:
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=SETTLED + timedelta(days=1)).citizens == 0
        after = still_under_way(owner)
    assert after == before


@pytest.mark.parametrize("outcome", ["deceased", "moved"])
def test_what_we_were_once_told_counts_no_more_when_a_later_case_is_closed_too(
    outcome: str, mette: Actor, tom: Actor
) -> None:
    contact_point()
    with records():
        owner = citizen()
        phone(owner, NUMBER)
        old = NOW - timedelta(days=300)
        ended = {"next_step_kind": "", "next_step_at": None, "next_step_reason": "", "status": "closed"}
        reason = "status" if outcome == "deceased" else "moved"
        follow_up(
            owner, closed_at=old, opened_at=old - timedelta(days=9), closed_reason=reason, outcome=outcome, **ended
        )
        later = follow_up(owner, "influenza")
    request = confirmed(tom, asked(mette, later))
    with records() as by:
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=SETTLED).citizens == 0
        # Whoever has booked is on the next list no more.
        FollowUp.objects.filter(pk=later.pk).update(closed_reason="gone", closed_at=SETTLED, **ended)
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=SETTLED + timedelta(minutes=1)).citizens == 0
        request.refresh_from_db()
        assert request.state == "confirmed"
        claimed = claim_batch(ISHOEJ, now=SETTLED + timedelta(minutes=2), size=10)
    assert [each.message_id for each in claimed.hand_overs] == [request.receipt_id]

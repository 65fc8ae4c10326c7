"""K5: an undone answer leaves every row as it was; what is kept is only the proof that it was given and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import models

from campaigns.models import (
    BookingProgramme,
    BookingRequest,
    CallTask,
    CallTaskState,
    HealthDialogue,
    OptOut,
    SmsMessage,
)
from campaigns.services.answers import ALL, Contact, MemberSaid, Said, leads_to, record_call, undo_answer
from campaigns.services.calls import claim_next
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from registry.models import Citizen, CitizenEdit, FollowUp, Outcome, Phone, Relative, RelativeKind
from tests.factories.campaigns import NOW, caller, contact_point, unplanned
from tests.factories.contact_pages import citizen, follow_up, phone, relative

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TABLES: list[type[models.Model]] = [
    Citizen, CitizenEdit, FollowUp, Phone, Relative, CallTask, SmsMessage, OptOut, HealthDialogue
]  # fmt: skip
# The moment a row was last touched says nothing of what it holds.
LEFT_OUT = {"updated_at"}


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table an answer may touch; of calls and messages only those that still wait."""
    found = {}
    for model in TABLES:
        names = [each.attname for each in model._meta.concrete_fields if each.attname not in LEFT_OUT]
        every = model._default_manager.order_by("pk")
        if model is CallTask:
            every = CallTask.objects.waiting().order_by("pk")
        if model is SmsMessage:
            every = SmsMessage.objects.filter(status="queued").order_by("pk")
        found[model.__name__] = [tuple(map(str, row)) for row in every.values_list(*names)]
    running = BookingProgramme.objects.filter(running=True).order_by("pk")
    found["bookings"] = [tuple(map(str, row)) for row in running.values_list("request_id", "programme_id")]
    return found


SAID: dict[str, Callable[[], Said]] = {
    **{each.value: (lambda each=each: Said(outcome=each, call_back_at=LATER)) for each in Outcome},
    "language-told": lambda: Said(outcome="language", language="ur", language_help="interpreter"),
    "worry-told": lambda: Said(outcome="health_dialogue", topic="allergy", worry="Tåler ikke æg", talk_at=LATER),
    "booked-told": lambda: Said(outcome="booked_on_behalf", booked_at=LATER, booked_place="Arken"),
    "escort-told": lambda: Said(outcome="needs_escort", needs=("wheelchair",), wishes="Efter kl. 11"),
}


def a_household(by: Actor) -> tuple[Citizen, Citizen, CallTask]:
    """Aase with two programmes, a guardian, two numbers and a call; Poul with an SMS in the queue."""
    contact_point()
    aase = citizen(household_key="vej 1")
    poul = citizen("Poul Mikkelsen", household_key="vej 1")
    phone(aase)
    phone(aase, "+4530998877", source="relative")
    phone(poul, "+4530112299")
    relative(aase, RelativeKind.GUARDIAN)
    follow_up(aase, sms_sent=1, last_contact_at=NOW - timedelta(days=4))
    unplanned(aase, "influenza", opened_at=NOW - timedelta(days=1))
    unplanned(poul)
    plan(by=by, now=NOW)
    task = claim_next(by=by, now=NOW)
    assert task is not None
    return aase, poul, task


@pytest.mark.parametrize("name", SAID)
def test_what_was_shown_is_what_is_saved_and_undo_puts_every_row_back(name: str) -> None:
    """Looking ahead leaves nothing behind, the saved steps are those shown, and undone nothing is left of them."""
    by = caller()
    with data_context(by):
        aase, poul, task = a_household(by)
        assert SmsMessage.objects.filter(citizen=poul, status="queued").exists()
        before, said = rows(), SAID[name]()
        call: dict[str, Any] = {
            "by": by,
            "citizen": aase,
            "said": {ALL: said},
            "contact": Contact(guardian_told=True, note="Kort"),
            "members": [MemberSaid(poul, said)],
            "now": NOW + timedelta(seconds=2),
        }
        shown = leads_to(**call)
        assert shown.problem == ""
        assert {each.citizen_id for each in shown.follow_ups} == {aase.pk, poul.pk}
        assert rows() == before
        attempt = record_call(**call, call_task=task)
        assert rows() != before
        for each in shown.follow_ups:
            saved = FollowUp.objects.get(pk=each.pk)
            for field in ("status", "closed_reason", "next_step_kind", "next_step_at", "next_step_reason"):
                assert getattr(saved, field) == getattr(each, field), field
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=11))
        assert rows() == before
        assert not BookingRequest.objects.exclude(state__in=["withdrawn", "cancelled"]).exists()


def test_a_call_without_a_task_gives_the_waiting_call_back_as_it_was() -> None:
    """The citizen rings in while their call waits: undone, it waits again, in nobody's hands."""
    by = caller()
    with data_context(by):
        aase, _poul, task = a_household(by)
        CallTask.objects.filter(pk=task.pk).update(state=CallTaskState.OPEN, claimed_by=None, claimed_until=None)
        before = rows()
        contact = Contact(kind="call_in")
        attempt = record_call(by=by, citizen=aase, said={ALL: Said("books_self")}, contact=contact, now=NOW)
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=5))
        assert rows() == before


def test_who_has_gone_on_gets_the_undone_call_back_as_waiting() -> None:
    by = caller()
    with data_context(by):
        aase, _poul, task = a_household(by)
        other = citizen("Karl Holm")
        phone(other, "+4531223344")
        follow_up(other, sms_sent=1, last_contact_at=NOW - timedelta(days=4))
        plan(by=by, now=NOW)
        attempt = record_call(
            by=by, citizen=aase, said={ALL: Said("books_self")}, contact=Contact(), call_task=task, now=NOW
        )
        following = claim_next(by=by, now=NOW)
        assert following is not None
        assert following.citizen_id == other.pk
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=5))
        task.refresh_from_db()
        assert (task.state, task.claimed_by_id) == (CallTaskState.OPEN, None)

"""K1, K2: the contact policy step by step, by hand-counted dates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.next_steps import Facts, NextStep, Policy, PolicyStep, joined, next_step
from campaigns.sending_window import COPENHAGEN
from registry.models import NextStepKind

# Friday 16 April 2021, 11.20 in Copenhagen.
FRIDAY = datetime(2021, 4, 16, 9, 20, tzinfo=UTC)
POLICY = Policy((PolicyStep("sms"), PolicyStep("call", 2, 3, 1, (10, 14, 17)), PolicyStep("letter", 1)))
FRESH = Facts(opened_at=FRIDAY, answer_due=date(2021, 5, 10))
WITHOUT_MOBILE = replace(FRESH, can_sms=False)
WITHOUT_PHONE = replace(FRESH, can_sms=False, reachable=False)
MESSAGED = replace(FRESH, sms_sent=1, last_contact_at=FRIDAY)
CALLED_OUT = replace(MESSAGED, call_attempts=3, letters_sent=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("facts", "kind", "at", "reason"),
    [
        (FRESH, "sms", "2021-04-16T11:20", "first_contact"),
        (replace(FRESH, opened_at=local("2021-04-17T21:00")), "sms", "2021-04-19T09:00", "first_contact"),
        # K9: a contact in another programme keeps the message away for 24 hours, and then comes Sunday.
        (replace(FRESH, last_contact_at=local("2021-04-17T10:00")), "sms", "2021-04-19T09:00", "first_contact"),
        (MESSAGED, "call", "2021-04-20T10:00", "sms_unanswered"),
        (WITHOUT_MOBILE, "call", "2021-04-19T10:00", "no_mobile"),
        (replace(WITHOUT_MOBILE, opted_out=True), "call", "2021-04-19T10:00", "sms_opted_out"),
        (replace(FRESH, child=True), "call", "2021-04-19T10:00", "custody_holder"),
        (WITHOUT_PHONE, "lookup", "2021-04-16T11:20", "no_phone"),
        (replace(WITHOUT_PHONE, child=True), "lookup", "2021-04-16T11:20", "no_custody_holder_phone"),
        (replace(WITHOUT_PHONE, lookup_failed=True), "letter", "2021-04-19T10:00", "no_number_found"),
        (replace(MESSAGED, call_attempts=1), "call", "2021-04-19T14:00", "not_reached"),
        (replace(MESSAGED, call_attempts=2), "call", "2021-04-19T17:00", "not_reached"),
        (replace(MESSAGED, call_attempts=3), "letter", "2021-04-19T10:00", "calls_unanswered"),
        (CALLED_OUT, "wait", "2021-05-11T08:00", "attempts_done"),
        # 26 and 30 April: Store bededag pushes the last wait over the week-end.
        (replace(CALLED_OUT, answer_due=None), "wait", "2021-05-03T08:00", "attempts_done"),
    ],
)
def test_policy(facts: Facts, kind: str, at: str, reason: str) -> None:
    step = next_step(facts, POLICY, FRIDAY)
    assert (step.kind, step.at, step.reason) == (kind, local(at), reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"do_not_contact": True}, "do_not_contact"),
        ({"citizen_status": "deceased"}, "status"),
        ({"citizen_status": "disappeared"}, "status"),
        ({"citizen_status": "outside"}, "moved"),
    ],
)
def test_some_are_closed_at_once(changes: dict[str, object], reason: str) -> None:
    assert next_step(replace(FRESH, **changes), POLICY, FRIDAY).closes == reason


def test_documented_attempts_close_after_the_deadline() -> None:
    assert next_step(CALLED_OUT, POLICY, local("2021-05-11T08:00")).closes == "attempts_documented"


def test_an_unanswered_message_alone_never_closes() -> None:
    only_messages = Policy((PolicyStep("sms"),))
    step = next_step(replace(MESSAGED, answer_due=date(2021, 4, 1)), only_messages, FRIDAY + timedelta(days=300))
    assert (step.kind, step.closes) == ("call", None)


@pytest.mark.parametrize("kind", ["ride", "home_visit", "health_dialogue", "booking_request", "interpreter_call"])
def test_what_an_answer_gave_is_kept(kind: str) -> None:
    facts = replace(MESSAGED, kind=kind, at=FRIDAY, reason="ride", detail={"a": 1})
    step = next_step(facts, POLICY, FRIDAY + timedelta(days=90))
    assert (step.kind, step.at, step.detail) == (kind, FRIDAY, {"a": 1})


def test_a_wait_that_is_over_becomes_a_call() -> None:
    facts = replace(MESSAGED, kind="wait", at=local("2021-04-23T08:00"), reason="books_self")
    assert next_step(facts, POLICY, local("2021-04-23T07:59")).kind == "wait"
    step = next_step(facts, POLICY, local("2021-04-25T12:00"))
    assert (step.kind, step.at, step.reason) == ("call", local("2021-04-23T10:00"), "check_call")
    assert step.detail == {"after": "books_self"}


def test_a_planned_call_without_a_number_becomes_a_search() -> None:
    facts = replace(WITHOUT_PHONE, kind="call", at=FRIDAY, reason="undecided")
    assert next_step(facts, POLICY, FRIDAY).kind == "lookup"


def test_a_message_gives_way_to_a_call_of_another_programme() -> None:
    message = NextStep(NextStepKind.SMS, FRIDAY, "first_contact")
    soon = NextStep(NextStepKind.CALL, FRIDAY + timedelta(days=3), "undecided")
    late = replace(soon, at=FRIDAY + timedelta(days=20))
    assert [each.reason for each in joined([message, soon])] == ["joins_call", "undecided"]
    assert joined([message, late]) == [message, late]

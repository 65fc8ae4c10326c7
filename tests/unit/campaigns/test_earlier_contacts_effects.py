"""What contacts from a spreadsheet do to one follow-up, hand-reckoned (L8, K6)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from campaigns.next_steps import Policy, PolicyStep
from tests.factories.earlier_contacts_twin import NOTHING_KNOWN, Change, Contact, Effect, Known, change_of

NOW = datetime(2021, 4, 20, 9, 0, tzinfo=UTC)
POLICY = Policy(steps=(PolicyStep("sms"), PolicyStep("call", attempts=3, hours=(10, 14, 17))))


def contact(day: int, outcome: str, *, row: int = 0, kind: str = "call", month: int = 4) -> Contact:
    return Contact(row or day, datetime(2021, month, day, 10, 0, tzinfo=UTC), outcome, kind)


def opened(**changes: Any) -> Known:
    values = dict(NOTHING_KNOWN) | {
        "status": "open", "closed_reason": "", "next_step_kind": "sms", "next_step_at": NOW,
        "next_step_reason": "first_contact",
    }  # fmt: skip
    return Known(values | changes, counted_from=date(2021, 3, 22))


def after(*contacts: Contact, known: Known | None = None, rest_days: int | None = 183) -> Change:
    return change_of(contacts, known, policy=POLICY, rest_days=rest_days, now=NOW)


def test_a_no_closes_and_rests_from_the_day_it_was_said() -> None:
    change = after(contact(1, "no_answer"), contact(8, "declined"), known=opened())
    assert (change.values["status"], change.values["closed_reason"]) == ("closed", "declined")
    # 183 days after 8 April 2021.
    assert change.values["reopen_on"] == date(2021, 10, 8)
    assert change.values["call_attempts"] == 2
    assert change.effects == {1: Effect.ATTEMPT, 8: Effect.CLOSES}


def test_a_no_that_has_rested_long_enough_closes_nothing() -> None:
    change = after(contact(8, "declined"), known=opened(), rest_days=12)
    assert (change.values["status"], change.values["outcome"]) == ("open", "declined")


def test_a_no_older_than_the_answer_that_is_known_is_history() -> None:
    known = opened(outcome="books_self", outcome_at=NOW - timedelta(days=2), call_attempts=1)
    change = after(contact(8, "declined"), known=known)
    assert change.values["outcome"] == "books_self"
    assert change.values["status"] == "open"
    assert change.values["call_attempts"] == 2


def test_a_later_yes_in_the_file_outweighs_its_no() -> None:
    change = after(contact(8, "declined"), contact(15, "already_booked"), known=opened())
    assert change.values["status"] == "open"
    assert change.values["next_step_reason"] == "already_booked"
    # 14 days after 15 April is Thursday 29 April; the office opens on the next working day, which is Monday
    # 3 May: Friday 30 April 2021 was store bededag.
    assert change.values["next_step_at"] == datetime(2021, 5, 3, 6, 0, tzinfo=UTC)
    assert change.effects[15] == Effect.ANSWERS


def test_nobody_picking_up_later_does_not_make_an_answer_forgotten() -> None:
    change = after(contact(8, "declined"), contact(15, "no_answer"), known=opened())
    assert (change.values["outcome"], change.values["closed_reason"]) == ("declined", "declined")


def test_attempts_before_the_invitation_or_to_a_wrong_number_do_not_count() -> None:
    change = after(
        contact(1, "no_answer", month=3, row=1),
        contact(8, "wrong_number", row=2),
        contact(9, "voicemail", row=3),
        contact(10, "no_answer", kind="sms", row=4),
        known=opened(),
    )
    assert (change.values["call_attempts"], change.values["sms_sent"]) == (1, 1)
    assert change.effects[1] == Effect.HISTORY
    assert change.values["first_contact_at"] == datetime(2021, 3, 1, 10, 0, tzinfo=UTC)
    assert change.values["last_contact_at"] == datetime(2021, 4, 10, 10, 0, tzinfo=UTC)
    assert change.values["outcome"] == "no_answer"


@pytest.mark.parametrize(
    ("outcome", "reason", "reopen_on", "effect"),
    [
        ("declined", "declined", date(2021, 10, 16), Effect.CLOSES),
        ("deceased", "status", None, Effect.ENDS),
        ("moved", "moved", None, Effect.ENDS),
        ("do_not_contact", "do_not_contact", None, Effect.ENDS),
        # Waits end on Monday 3 May, as above: 14 days from Friday 16 April is a holiday.
        ("already_vaccinated", "answered", date(2021, 5, 3), Effect.STORED),
        ("needs_ride", "not_listed", None, Effect.STORED),
        ("no_answer", "not_listed", None, Effect.STORED),
    ],
)
def test_what_is_known_before_any_list_waits_closed(
    outcome: str, reason: str, reopen_on: date | None, effect: Effect
) -> None:
    change = after(contact(16, outcome))
    values = change.values
    assert (values["status"], values["closed_reason"], values["reopen_on"]) == ("closed", reason, reopen_on)
    assert (values["outcome"], values["closed_at"], values["next_step_kind"]) == (outcome, NOW, "")
    assert change.effects == {16: effect}


def test_a_wish_after_a_no_is_taken_up_again() -> None:
    known = opened(
        status="closed", closed_reason="declined", closed_at=NOW - timedelta(days=30), reopen_on=date(2021, 9, 1),
        outcome="declined", outcome_at=NOW - timedelta(days=30), next_step_kind="", next_step_at=None,
        next_step_reason="",
    )  # fmt: skip
    change = after(contact(15, "needs_ride"), known=known)
    assert (change.values["status"], change.values["next_step_kind"]) == ("open", "ride")
    assert change.values["reopen_on"] is None


def test_the_registry_s_word_of_a_death_is_not_changed() -> None:
    known = opened(
        status="closed", closed_reason="status", closed_at=NOW, next_step_kind="", next_step_at=None,
        next_step_reason="",
    )  # fmt: skip
    change = after(contact(15, "needs_ride"), known=known)
    assert (change.values["status"], change.values["closed_reason"]) == ("closed", "status")

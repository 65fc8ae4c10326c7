"""K6: each outcome leads to its own next step, or closes with a reason."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.next_steps import Facts, Policy, PolicyStep
from campaigns.outcomes import RULES, OutcomeContext, next_step_for
from campaigns.sending_window import COPENHAGEN
from campaigns.step_reasons import ANSWER_REASONS
from registry.models import ClosedReason, Outcome

# Tuesday 20 April 2021, 11.20 in Copenhagen.
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
POLICY = Policy((PolicyStep("sms"), PolicyStep("call", 2, 3, 1, (10, 14, 17)), PolicyStep("letter", 1)))
CONTEXT = OutcomeContext(now=NOW, facts=Facts(opened_at=NOW, sms_sent=1, last_contact_at=NOW), policy=POLICY)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("outcome", "kind", "at", "reason"),
    [
        ("books_self", "wait", "2021-04-28T08:00", "books_self"),
        ("needs_booking_help", "booking_request", "2021-04-21T10:00", "booking_help"),
        ("booked_on_behalf", "wait", "2021-05-05T08:00", "booked_on_behalf"),
        ("wants_popup", "wait", "2021-04-28T08:00", "wants_popup"),
        ("needs_ride", "ride", "2021-04-21T10:00", "ride"),
        ("home_assessment", "home_visit", "2021-04-21T10:00", "home_assessment"),
        ("already_booked", "wait", "2021-05-05T08:00", "already_booked"),
        ("already_vaccinated", "wait", "2021-05-05T08:00", "already_vaccinated"),
        ("needs_escort", "booking_request", "2021-04-21T10:00", "escort"),
        ("undecided", "call", "2021-04-27T10:00", "undecided"),
        ("health_dialogue", "health_dialogue", "2021-04-21T10:00", "health_dialogue"),
        ("no_answer", "call", "2021-04-21T14:00", "not_reached"),
        ("voicemail", "call", "2021-04-21T14:00", "not_reached"),
        ("busy", "call", "2021-04-20T12:20", "busy"),
        ("wrong_number", "lookup", "2021-04-20T11:20", "wrong_number"),
        ("language", "interpreter_call", "2021-04-21T10:00", "language"),
        ("relative_reached", "call", "2021-04-22T10:00", "relative_reached"),
        ("guardian_informed", "call", "2021-04-21T10:00", "guardian_informed"),
    ],
)
def test_outcome_leads_on(outcome: str, kind: str, at: str, reason: str) -> None:
    step = next_step_for(outcome, CONTEXT)
    assert (step.kind, step.at, step.reason, step.closes) == (kind, local(at), reason, None)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("declined", ClosedReason.DECLINED),
        ("deceased", ClosedReason.STATUS),
        ("moved", ClosedReason.MOVED),
        ("do_not_contact", ClosedReason.DO_NOT_CONTACT),
    ],
)
def test_outcome_closes(outcome: str, reason: ClosedReason) -> None:
    assert next_step_for(outcome, CONTEXT).closes == reason


def test_declined_may_be_asked_again_after_the_rules_time() -> None:
    assert next_step_for("declined", replace(CONTEXT, reopen_after_days=30)).reopen_on == date(2021, 5, 20)


def test_call_back_comes_at_the_agreed_time() -> None:
    agreed = local("2021-04-21T10:30")
    step = next_step_for("call_back", replace(CONTEXT, call_back_at=agreed))
    assert (step.kind, step.at, step.reason) == ("call", agreed, "agreed_time")


def test_retries_vary_the_time_of_day_and_end_in_a_letter() -> None:
    facts, hours = CONTEXT.facts, []
    for attempts in range(3):
        step = next_step_for("no_answer", replace(CONTEXT, facts=replace(facts, call_attempts=attempts)))
        hours.append((step.kind, step.at.astimezone(COPENHAGEN).hour if step.at else None))
    assert hours == [("call", 14), ("call", 17), ("letter", 10)]


def test_busy_in_the_evening_waits_for_the_next_working_day() -> None:
    friday_evening = datetime(2021, 4, 23, 17, 30, tzinfo=UTC)
    step = next_step_for("busy", replace(CONTEXT, now=friday_evening))
    assert step.at == local("2021-04-26T10:00")


def test_wrong_number_goes_to_another_number_when_there_is_one() -> None:
    step = next_step_for("wrong_number", replace(CONTEXT, other_number=True))
    assert (step.kind, step.at, step.reason) == ("call", NOW, "other_number")


def test_wrong_number_after_a_vain_search_becomes_a_letter() -> None:
    step = next_step_for("wrong_number", replace(CONTEXT, facts=replace(CONTEXT.facts, lookup_failed=True)))
    assert step.kind == "letter"


def test_popup_waits_until_after_the_session() -> None:
    session_at = local("2021-04-22T18:00")
    step = next_step_for("wants_popup", replace(CONTEXT, session_at=session_at))
    assert step.at == local("2021-04-23T08:00")


def test_every_outcome_has_a_rule() -> None:
    assert set(RULES) == set(Outcome)


@given(
    st.sampled_from(list(Outcome)),
    st.datetimes(datetime(2021, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 5),
    st.booleans(),
)
def test_every_outcome_gives_one_step_in_the_future_or_closes(
    outcome: Outcome, now: datetime, attempts: int, other_number: bool
) -> None:
    facts = Facts(opened_at=now, call_attempts=attempts, sms_sent=1, last_contact_at=now)
    step = next_step_for(outcome, OutcomeContext(now, facts, POLICY, other_number=other_number))
    if step.closes:
        assert (step.kind, step.at, step.reason) == (None, None, "")
    else:
        assert step.kind
        assert step.reason
        assert step.at is not None
        assert step.at >= now
        assert step.reason in ANSWER_REASONS or outcome in (Outcome.NO_ANSWER, Outcome.VOICEMAIL)

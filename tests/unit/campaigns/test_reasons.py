"""Every reason has its sentence, in both languages' source."""

from datetime import UTC, date, datetime

import pytest

from campaigns.not_contacted import not_contacted_because
from campaigns.reasons import sentence
from campaigns.step_reasons import StepReason
from registry.models import Citizen, FollowUp

MONDAY_17 = datetime(2021, 4, 19, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", list(StepReason))
def test_every_reason_is_a_danish_sentence_with_its_time(code: StepReason) -> None:
    text = sentence(code, {}, MONDAY_17)
    assert "man. 19.04. kl. 17" in text
    assert any(word in text for word in ("fordi", "fra", "er bedt om"))
    assert text.endswith(".")
    assert "%" not in text


def test_the_number_of_attempts_is_said() -> None:
    text = sentence("not_reached", {"attempts": 2, "part": "morning"}, MONDAY_17)
    assert text == "Ring igen man. 19.04. kl. 17, fordi vi ikke fik fat i borgeren to gange, senest om formiddagen."


def test_a_check_call_says_what_was_told() -> None:
    text = sentence("check_call", {"after": "books_self"}, MONDAY_17)
    assert text == "Ring man. 19.04. kl. 17, fordi borgeren selv ville bestille tid, men stadig står på listen."


def test_an_unknown_code_breaks_no_page() -> None:
    assert sentence("something_new", {}, MONDAY_17) == "Planlagt man. 19.04. kl. 17."


def test_why_nobody_is_contacted() -> None:
    declined = FollowUp(status="closed", closed_reason="declined", reopen_on=date(2021, 10, 20))
    assert "20.10.2021" in (not_contacted_because(declined, Citizen(), MONDAY_17) or "")
    due = FollowUp(status="open", next_step_kind="call", next_step_at=MONDAY_17, next_step_reason="no_mobile")
    assert not_contacted_because(due, Citizen(), MONDAY_17) is None
    dead = FollowUp(status="closed", closed_reason="status")
    assert "Død" in (not_contacted_because(dead, Citizen(status="deceased"), MONDAY_17) or "")


def test_to_whom_calls_now_a_day_gone_by_is_now() -> None:
    assert sentence("busy", {}, MONDAY_17, now=MONDAY_17) == "Ring igen nu, fordi der var optaget."
    before = datetime(2021, 4, 19, 14, 59, tzinfo=UTC)
    assert sentence("busy", {}, MONDAY_17, now=before) == "Ring igen man. 19.04. kl. 17, fordi der var optaget."
    # What was agreed with the citizen is said as it was agreed.
    assert sentence("agreed_time", {}, MONDAY_17, now=MONDAY_17) == "Ring igen man. 19.04. kl. 17, fordi det er aftalt."

"""Where a follow-up stands, in words."""

from datetime import UTC, date, datetime

import pytest

from campaigns.presenters.programmes import deadline_of, deadline_tag, due_tag, last_answer_words, step_moment
from registry.models import FollowUp

NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
TODAY = date(2021, 4, 20)


def open_follow_up(**changes: object) -> FollowUp:
    values: dict[str, object] = {
        "status": "open",
        "first_contact_due": date(2021, 4, 21),
        "answer_due": date(2021, 5, 5),
        "next_step_at": NOW,
    }
    return FollowUp(**values | changes)


def test_the_first_contact_counts_until_there_has_been_one():
    assert deadline_of(open_follow_up()) == date(2021, 4, 21)
    assert deadline_of(open_follow_up(first_contact_at=NOW)) == date(2021, 5, 5)


@pytest.mark.parametrize(
    "kept",
    [{"outcome": "undecided"}, {"next_step_reason": "attempts_done"}],
)
def test_a_duty_that_is_kept_has_no_deadline_left(kept):
    assert deadline_of(open_follow_up(first_contact_at=NOW, **kept)) is None


def test_no_answer_is_no_answer():
    assert deadline_of(open_follow_up(first_contact_at=NOW, outcome="no_answer")) == date(2021, 5, 5)


def test_a_closed_follow_up_has_neither_deadline_nor_step():
    closed = open_follow_up(status="closed", next_step_at=None)
    assert deadline_tag(closed, TODAY) is None
    with pytest.raises(ValueError, match="not open"):
        step_moment(closed)


@pytest.mark.parametrize(
    ("day", "text", "tone"),
    [
        (19, "Over fristen 19.04.", "danger"),
        (20, "Frist i dag", "warning"),
        (21, "Frist i morgen", "warning"),
        (22, "Frist tors. 22.04.", ""),
    ],
)
def test_the_deadline_turns_yellow_and_red(day, text, tone):
    tag = due_tag(date(2021, 4, day), TODAY)
    assert (tag.text, tag.tone) == (text, tone)


def test_the_last_answer_with_its_barrier():
    answered = open_follow_up(outcome="declined", outcome_at=NOW, barrier="distrust")
    assert last_answer_words(answered) == "Ønsker ikke 20.04. · Mistillid, myter eller bivirkninger"
    assert last_answer_words(open_follow_up()) == ""

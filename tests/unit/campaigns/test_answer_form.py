"""The answer form: every outcome has its button and key, and only what belongs to it is kept (K6–K8)."""

from datetime import UTC, datetime

import pytest

from campaigns.forms.answers import AnswerForm
from campaigns.forms.call_choices import CallChoices
from campaigns.forms.outcome_groups import (
    DIAL,
    HELP,
    HOUSEHOLD,
    MORE,
    NOBODY_SPOKEN_WITH,
    NOT_REACHED,
    NOTE,
    PROGRAMMES,
    QUESTION_KEYS,
    REACHED,
    REST,
    TALKED_WITH,
)
from campaigns.models import SpokeWith
from campaigns.outcomes import NOT_REACHED as RULED_NOT_REACHED
from registry.models import Outcome

NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)


PEOPLE = (("citizen", "Borgeren"), ("relative:7", "Lone, datter"), ("guardian", "Værge"), ("relative", "Pårørende"))


def form(guardian: bool = False, now: datetime = NOW, **answer: object) -> AnswerForm:
    choices = CallChoices(
        programmes=[("1", "Covid-19")],
        people=PEOPLE,
        phones=[("3", "20 12 34 56")],
        quick=[("hour", "Om en time")],
        guardian=guardian,
    )
    return AnswerForm(answer or None, choices=choices, now=now)


def test_every_outcome_has_one_button_and_its_own_key():
    groups = [REACHED, NOT_REACHED, REST]
    assert sorted(outcome for group in groups for outcome in group) == sorted(Outcome)
    keys = [key for group in groups for key in group.values()]
    assert len({*keys, MORE}) == len(keys) + 1


def test_no_key_has_two_meanings():
    outcomes = [key for group in (REACHED, NOT_REACHED, REST) for key in group.values()]
    keys = [*outcomes, *QUESTION_KEYS, MORE, NOTE, HOUSEHOLD, PROGRAMMES, TALKED_WITH, DIAL, HELP, "k"]
    assert len(set(keys)) == len(keys)


def test_nobody_is_spoken_with_when_nobody_is_reached():
    assert set(NOBODY_SPOKEN_WITH) == set(RULED_NOT_REACHED)


@pytest.mark.parametrize("guardian", [False, True])
def test_the_guardian_stands_among_the_reached_while_untold(guardian):
    groups = dict(form(guardian).fields["outcome"].choices)
    reached = next(iter(groups.values()))
    assert ("guardian_informed" in dict(reached)) is guardian


@pytest.mark.parametrize(
    ("outcome", "chosen", "kept"),
    [
        ("no_answer", "relative", SpokeWith.NOBODY),
        ("relative_reached", "citizen", SpokeWith.RELATIVE),
        ("relative_reached", "relative:7", "relative:7"),
        ("guardian_informed", "citizen", SpokeWith.GUARDIAN),
        ("declined", "guardian", SpokeWith.GUARDIAN),
        ("declined", "", SpokeWith.CITIZEN),
    ],
)
def test_who_was_spoken_with(outcome, chosen, kept):
    answered = form(outcome=outcome, spoke_with=chosen)
    assert answered.is_valid()
    assert answered.cleaned_data["spoke_with"] == kept


def test_one_programme_and_nobody_else_need_no_choice():
    assert not [name for name in form().fields if name.startswith(("programme_", "member_"))]


def test_with_several_programmes_at_least_one_is_answered():
    choices = CallChoices(programmes=[("1", "Covid-19"), ("2", "Influenza")])
    answered = AnswerForm(
        {"outcome": "declined", "programme_1": "none", "programme_2": "none"}, choices=choices, now=NOW
    )
    assert answered.errors["programme_1"] == ["Vælg mindst ét program, som svaret gælder."]


def test_without_a_number_none_can_be_wrong():
    groups = dict(AnswerForm(None, choices=CallChoices(), now=NOW).fields["outcome"].choices)
    assert "wrong_number" not in {value for group in groups.values() for value, _label in group}


def test_a_quick_time_is_counted_from_the_moment_of_saving():
    # Tuesday 11.20 in Copenhagen; an hour later is 12.20.
    answered = form(outcome="call_back", call_back="hour")
    assert answered.is_valid()
    assert answered.cleaned_data["call_back_at"] == datetime(2021, 4, 20, 10, 20, tzinfo=UTC)


def test_a_booked_time_needs_day_and_hour_later_than_now_and_a_place():
    assert form(outcome="booked_on_behalf").errors["booked_on"]
    assert form(outcome="booked_on_behalf", booked_on="22.04.2021").errors["booked_time"]
    assert form(outcome="booked_on_behalf", booked_on="19.04.2021", booked_time="10").errors["booked_on"]
    assert form(outcome="booked_on_behalf", booked_on="22.04.2021", booked_time="10.30").errors["booked_place"]
    # Where the citizen's own time is need not be told.
    assert form(outcome="already_booked", booked_on="22.04.2021", booked_time="10.30").is_valid()
    booked = form(outcome="booked_on_behalf", booked_on="22.04.2021", booked_time="10.30", booked_place="Arken")
    assert booked.is_valid()
    assert booked.cleaned_data["booked_at"] == datetime(2021, 4, 22, 8, 30, tzinfo=UTC)


def test_the_day_to_call_back_is_today_in_the_morning_and_the_next_working_day_later():
    assert form().fields["call_back_on"].initial.isoformat() == "2021-04-20"
    friday_evening = datetime(2021, 4, 23, 16, 0, tzinfo=UTC)
    later = form(now=friday_evening)
    assert later.fields["call_back_on"].initial.isoformat() == "2021-04-26"

"""The answer form: every outcome has its button and key, and only what belongs to it is kept (K6–K8)."""

from datetime import UTC, datetime

import pytest

from campaigns.forms.answers import MORE, NOBODY_SPOKEN_WITH, NOT_REACHED, REACHED, REST, AnswerForm
from campaigns.models import SpokeWith
from campaigns.outcomes import NOT_REACHED as RULED_NOT_REACHED
from registry.models import Outcome

NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)


def form(guardian: bool = False, **answer: object) -> AnswerForm:
    return AnswerForm(answer or None, programmes=[("1", "Covid-19")], guardian=guardian, now=NOW)


def test_every_outcome_has_one_button_and_its_own_key():
    groups = [REACHED, NOT_REACHED, REST]
    assert sorted(outcome for group in groups for outcome in group) == sorted(Outcome)
    keys = [key for group in groups for key in group.values()]
    assert len({*keys, MORE}) == len(keys) + 1


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
    fields = form().fields
    assert "follow_ups" not in fields
    assert "also" not in fields


def test_with_several_programmes_at_least_one_is_answered():
    answered = AnswerForm({"outcome": "declined"}, programmes=[("1", "Covid-19"), ("2", "Influenza")], now=NOW)
    assert answered.errors["follow_ups"] == ["Vælg mindst ét program, som svaret gælder."]


def test_the_day_to_call_back_is_today_in_the_morning_and_the_next_working_day_later():
    assert form().fields["call_back_on"].initial.isoformat() == "2021-04-20"
    friday_evening = datetime(2021, 4, 23, 16, 0, tzinfo=UTC)
    later = AnswerForm(None, programmes=[], now=friday_evening)
    assert later.fields["call_back_on"].initial.isoformat() == "2021-04-26"

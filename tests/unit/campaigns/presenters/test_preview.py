"""The next step before saving, in one sentence or one for each programme."""

from datetime import UTC, date, datetime
from typing import Any

from campaigns.presenters.preview import preview_words
from registry.models import Citizen, FollowUp, Programme

AASE, POUL = Citizen(pk=1, name="Aase"), Citizen(pk=2, name="Poul")
CALL: dict[str, Any] = {
    "next_step_kind": "call",
    "next_step_at": datetime(2021, 4, 21, 8, 0, tzinfo=UTC),
    "next_step_reason": "undecided",
}
DECLINED: dict[str, Any] = {"status": "closed", "closed_reason": "declined", "reopen_on": date(2021, 10, 20)}
MOVED: dict[str, Any] = {"status": "closed", "closed_reason": "moved"}


def covid(step: dict[str, Any], citizen: Citizen = AASE) -> FollowUp:
    return FollowUp(programme=Programme(name="Covid-19"), citizen=citizen, **step)


def influenza(step: dict[str, Any], citizen: Citizen = AASE) -> FollowUp:
    return FollowUp(programme=Programme(name="Influenza"), citizen=citizen, **step)


def test_one_step_is_one_sentence():
    assert preview_words([covid(CALL)]) == ["Ring igen ons. 21.04. kl. 10, fordi borgeren er i tvivl."]


def test_the_same_step_in_two_programmes_is_said_once():
    assert len(preview_words([covid(CALL), influenza(CALL)])) == 1


def test_different_steps_are_said_with_their_programme():
    said = preview_words([covid(CALL), influenza(MOVED)])
    assert [line.split(":")[0] for line in said] == ["Covid-19", "Influenza"]


def test_an_end_says_when_the_citizen_may_be_asked_again_or_that_nobody_will():
    assert preview_words([covid(DECLINED)]) == [
        "Opfølgningen afsluttes: Ønsker ikke vaccination. Borgeren kan spørges igen fra 20.10.2021."
    ]
    assert "Vi kontakter ikke borgeren igen" in preview_words([covid(MOVED)])[0]


def test_nothing_chosen_is_nothing_said():
    assert preview_words([]) == []


def test_somebody_else_in_the_household_is_named():
    said = preview_words([covid(CALL), covid(MOVED, POUL)])
    assert said[0].startswith("Ring igen")
    assert said[1].startswith("Poul: Opfølgningen afsluttes")

"""The next step before saving, in one sentence or one for each programme."""

from datetime import UTC, date, datetime

from campaigns.next_steps import NextStep
from campaigns.presenters.preview import preview_words
from registry.models import ClosedReason, FollowUp, NextStepKind, Programme

AT = datetime(2021, 4, 21, 8, 0, tzinfo=UTC)
COVID, INFLUENZA = (FollowUp(programme=Programme(name=name)) for name in ("Covid-19", "Influenza"))
CALL = NextStep(NextStepKind.CALL, AT, "undecided")
DECLINED = NextStep(None, None, "", closes=ClosedReason.DECLINED, reopen_on=date(2021, 10, 20))
MOVED = NextStep(None, None, "", closes=ClosedReason.MOVED)


def test_one_step_is_one_sentence():
    assert preview_words([(COVID, CALL)]) == ["Ring igen ons. 21.04. kl. 10, fordi borgeren er i tvivl."]


def test_the_same_step_in_two_programmes_is_said_once():
    assert len(preview_words([(COVID, CALL), (INFLUENZA, CALL)])) == 1


def test_different_steps_are_said_with_their_programme():
    said = preview_words([(COVID, CALL), (INFLUENZA, MOVED)])
    assert [line.split(":")[0] for line in said] == ["Covid-19", "Influenza"]


def test_an_end_says_when_the_citizen_may_be_asked_again_or_that_nobody_will():
    assert preview_words([(COVID, DECLINED)]) == [
        "Opfølgningen afsluttes: Ønsker ikke vaccination. Borgeren kan spørges igen fra 20.10.2021."
    ]
    assert "Vi kontakter ikke borgeren igen" in preview_words([(COVID, MOVED)])[0]


def test_nothing_chosen_is_nothing_said():
    assert preview_words([]) == []

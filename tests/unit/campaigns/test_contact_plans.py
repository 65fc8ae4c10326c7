"""What a contact plan may say, and how it is said (K2, K3, K9)."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.contact_plans import (
    ContactPlan,
    PlanStep,
    doubts,
    problems,
    step_words,
    window_problems,
    working_days,
)
from campaigns.sending_window import Window

SMS = PlanStep("sms")
CALL = PlanStep("call", 2, 3, 1, (10, 14, 17))
LETTER = PlanStep("letter", 1)
PLAN = ContactPlan((SMS, CALL, LETTER), 24, 5, 15, {"7": (date(2021, 1, 1), None), "8": (None, None)})


def test_the_common_plan_is_in_order_and_takes_five_working_days() -> None:
    assert problems(PLAN) == []
    assert doubts(PLAN) == []
    # Call on the second day, twice more a day each, the letter the day after: 2 + 2 + 1.
    assert working_days(PLAN) == 5


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": ()}, "Planen er tom"),
        ({"steps": (SMS, SMS)}, "mindst ét opkald eller brev"),
        ({"steps": (CALL,) * 7}, "højst 6 trin"),
        ({"steps": (replace(CALL, attempts=8),) * 2}, "højst 15 forsøg i alt"),
        ({"steps": (SMS, replace(CALL, hours=(7, 14)))}, "Trin 2: Klokkeslættene skal ligge fra kl. 8"),
        ({"steps": (replace(CALL, hours=(20,)),)}, "Trin 1: Klokkeslættene"),
        ({"steps": (replace(CALL, attempts=0),)}, "mellem 1 og 9 forsøg"),
        ({"steps": (replace(CALL, delay_days=61),)}, "mellem 0 og 60 arbejdsdage"),
        ({"steps": (replace(SMS, attempts=2, retry_days=0), CALL)}, "mindst én arbejdsdag mellem to beskeder"),
        ({"steps": (PlanStep("visit"), CALL)}, "Vælg sms, opkald eller brev"),
        ({"quiet_gap_hours": 12}, "mellem 24 og 168 timer"),
        ({"first_contact_days": 0}, "mellem 1 og 120 arbejdsdage"),
        ({"answer_days": 4}, "ikke ligge før"),
        ({"duties": {"7": (None, date(2021, 5, 1))}}, "Målgruppe 7"),
        ({"duties": {"7": (date(2021, 5, 2), date(2021, 5, 1))}}, "Målgruppe 7"),
    ],
)
def test_what_cannot_be_saved(changes: dict[str, object], said: str) -> None:
    assert said in " ".join(problems(replace(PLAN, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": (replace(CALL, delay_days=6),)}, "Første trin kommer efter 6 arbejdsdage"),
        ({"steps": (replace(CALL, delay_days=0, attempts=9, retry_days=2),)}, "Hele planen tager 16 arbejdsdage"),
        ({"steps": (replace(CALL, hours=(10, 10)),)}, "samme tid af dagen"),
    ],
)
def test_what_is_hardly_meant(changes: dict[str, object], said: str) -> None:
    changed = replace(PLAN, **changes)  # type: ignore[arg-type]
    assert problems(changed) == []
    assert said in " ".join(doubts(changed))


def test_a_stored_plan_is_the_same_plan() -> None:
    assert ContactPlan.from_stored(PLAN.as_stored()) == PLAN


@pytest.mark.parametrize(
    ("window", "right"),
    [
        (Window(), True),
        (Window(8, 21, True, True, 6000), True),
        (Window(7, 20), False),
        (Window(9, 22), False),
        (Window(12, 12), False),
        (Window(messages_per_minute=0), False),
    ],
)
def test_windows(window: Window, right: bool) -> None:
    assert (window_problems(window) == []) == right


def test_steps_in_words() -> None:
    assert step_words(SMS, first=True) == "SMS med det samme"
    assert step_words(CALL, first=False) == "Opkald efter 2 arbejdsdage, højst 3 forsøg, kl. 10, 14 og 17"
    assert step_words(LETTER, first=False) == "Brev efter 1 arbejdsdag"
    assert step_words(PlanStep("call", 0, 2, 3, (9,)), first=False) == (
        "Opkald samme dag, højst 2 forsøg med 3 arbejdsdage imellem, kl. 9"
    )

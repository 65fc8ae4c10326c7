"""Who is asked again, why, and in which words (L8). Expected answers are the domain's, written by hand."""

from dataclasses import dataclass
from datetime import date

import pytest

from registry.reask_rules import NEVER, RESTS, Reask, Why, effective, rule_for, sentence, why_asked_again

TODAY = date(2021, 4, 20)
DECLINED = Reask(when_other_group=True, after_days=183)


@dataclass
class Stored:
    closed_reason: str
    outcome: str = ""
    programme_id: int | None = None
    municipality_id: int | None = None
    when_listed: bool = False
    when_other_group: bool = False
    when_new_programme: bool = True
    after_days: int | None = None


@pytest.mark.parametrize(
    ("rule", "facts", "why"),
    [
        (DECLINED, {}, Why.NOT),
        (DECLINED, {"group_now": "8"}, Why.OTHER_GROUP),
        # A list without groups says nothing about the group.
        (DECLINED, {"group_now": ""}, Why.NOT),
        (DECLINED, {"reopen_on": TODAY}, Why.RESTED),
        (DECLINED, {"reopen_on": date(2021, 4, 21)}, Why.NOT),
        # 20.04.2021 is 183 days after 19.10.2020; the day before it is not yet time.
        (DECLINED, {"closed_on": date(2020, 10, 19)}, Why.RESTED),
        (DECLINED, {"closed_on": date(2020, 10, 20)}, Why.NOT),
        (Reask(when_listed=True), {}, Why.LISTED),
        (Reask(when_listed=True), {"barred": True}, Why.NOT),
        (RESTS, {"group_now": "8", "closed_on": date(2000, 1, 1)}, Why.NOT),
    ],
)
def test_why_a_citizen_is_asked_again(rule: Reask, facts: dict[str, object], why: Why) -> None:
    standing = {
        "closed_on": date(2021, 4, 8), "reopen_on": None, "group_before": "7", "group_now": "7", "today": TODAY,
    }  # fmt: skip
    assert why_asked_again(rule, **(standing | facts)) == why  # type: ignore[arg-type]


def test_the_narrowest_rule_holds() -> None:
    stored = [
        Stored("declined", municipality_id=183, programme_id=2, after_days=4),
        Stored("declined", after_days=1),
        Stored("declined", municipality_id=183, after_days=3),
        Stored("declined", programme_id=2, after_days=2),
        Stored("status", when_listed=True),
        Stored("status", "deceased"),
    ]

    def days(programme: int, municipality: int) -> int | None:
        return effective(stored, programme=programme, municipality=municipality)["declined", ""].after_days

    assert [days(1, 169), days(2, 169), days(1, 183), days(2, 183)] == [1, 2, 3, 4]
    rules = effective(stored, programme=1, municipality=169)
    assert rule_for(rules, "status", "deceased") == RESTS
    assert rule_for(rules, "status", "no_answer").when_listed
    # Without a rule nobody is asked again; against their will never.
    assert rule_for(rules, "answered", "") == RESTS
    assert rule_for({("do_not_contact", ""): Reask(when_listed=True)}, "do_not_contact", "") == NEVER


@pytest.mark.parametrize(
    ("why", "closed_reason", "words"),
    [
        ("other_group", "declined",
         "Sagde nej 08.04.2021 og spørges igen, fordi borgeren nu står i målgruppe 8 (før 7)."),
        ("rested", "declined", "Sagde nej 08.04.2021 og spørges igen, fordi svaret har hvilet den aftalte tid."),
        ("listed", "gone",
         "Stod ikke længere på listen 08.04.2021 og spørges igen, fordi borgeren står på listen igen."),
        ("", "declined", ""),
        ("answer_undone", "declined", ""),
    ],
)  # fmt: skip
def test_the_sentence_says_what_happened_and_why_again(why: str, closed_reason: str, words: str) -> None:
    said = sentence(why, closed_reason=closed_reason, closed_on=date(2021, 4, 8), group_before="7", group_now="8")
    assert said == words

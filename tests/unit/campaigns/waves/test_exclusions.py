"""Why somebody gets no SMS: the first reason in the stated order; every reason is reached (S3, K9)."""

import itertools
from dataclasses import replace

import pytest

from campaigns.waves.audience import Standing
from campaigns.waves.exclusions import Facts, LeftOut, left_out

RECIPIENT = Facts(
    citizen_status="active",
    closed_reason="",
    standing=Standing.NO_ANSWER,
    no_contact_wanted=False,
    child=False,
    protected=False,
    mobiles=1,
    right_mobiles=1,
    usable=1,
    named=True,
    has_text=True,
    recent_message=False,
    called_today=False,
    call="",
    reply_waiting=False,
    message_waiting=False,
    other_wave=False,
)
# In the stated order; what makes each reason hold.
REASONS = [
    (LeftOut.STATUS, {"citizen_status": "deceased"}),
    (LeftOut.MOVED, {"citizen_status": "outside"}),
    (LeftOut.DO_NOT_CONTACT, {"no_contact_wanted": True}),
    (LeftOut.CHILD, {"child": True}),
    (LeftOut.DECLINED, {"closed_reason": "declined", "standing": None}),
    (LeftOut.ANSWERED, {"standing": Standing.WAITING}),
    (LeftOut.PROTECTED, {"protected": True}),
    (LeftOut.NO_MOBILE, {"mobiles": 0, "right_mobiles": 0, "usable": 0}),
    (LeftOut.WRONG_NUMBER, {"right_mobiles": 0, "usable": 0}),
    (LeftOut.OPTED_OUT, {"usable": 0}),
    (LeftOut.NAMELESS, {"named": False}),
    (LeftOut.NO_TEXT, {"has_text": False}),
    (LeftOut.RECENT_MESSAGE, {"recent_message": True}),
    (LeftOut.CALLED_TODAY, {"called_today": True}),
    (LeftOut.BEING_CALLED, {"call": "now"}),
    (LeftOut.REPLY_WAITING, {"reply_waiting": True}),
    (LeftOut.MESSAGE_WAITING, {"message_waiting": True}),
    (LeftOut.OTHER_WAVE, {"other_wave": True}),
]


def judged(facts: Facts, *, asked: bool = False, queued: bool = False) -> LeftOut | None:
    return left_out(facts, answered_are_asked=asked, queued_calls=queued)


def test_nothing_keeps_an_ordinary_citizen_out() -> None:
    assert judged(RECIPIENT) is None


@pytest.mark.parametrize(("reason", "changes"), REASONS)
def test_each_reason_alone(reason, changes) -> None:
    assert judged(replace(RECIPIENT, **changes)) == reason


def test_the_earlier_reason_is_told() -> None:
    for (first, one), (_later, other) in itertools.pairwise(REASONS):
        if not one.keys() & other.keys():
            assert judged(replace(RECIPIENT, **one, **other)) == first


def test_those_who_answered_are_written_to_only_when_asked_for() -> None:
    assert judged(replace(RECIPIENT, standing=Standing.WAITING), asked=True) is None


def test_the_call_queue_may_be_written_to_but_never_an_agreed_time() -> None:
    assert judged(replace(RECIPIENT, call="queued")) == LeftOut.BEING_CALLED
    assert judged(replace(RECIPIENT, call="queued"), queued=True) is None
    assert judged(replace(RECIPIENT, call="agreed"), queued=True) == LeftOut.BEING_CALLED

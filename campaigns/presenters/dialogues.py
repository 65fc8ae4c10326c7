"""The health advisers' queue and a talk's screen, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.design.formats import day_month
from registry.models import FollowUp

from ..models import DialogueOutcome, DialogueState, HealthDialogue, HealthTalk, WorryTopic
from .languages import language_name
from .moments import local_day, moment_words, stamp
from .people import age_words
from .programmes import last_answer_words


@dataclass(frozen=True)
class DialogueRow:
    """One citizen who waits for a talk. `holder` is the colleague who has it, `mine` when it is the reader."""

    id: int
    name: str
    age: str
    topic: str
    worry: str
    language: str
    speaks: bool
    due: str
    is_due: bool
    promised: bool
    referred: str
    tries: int
    holder: str
    mine: bool


@dataclass(frozen=True)
class TalkRow:
    """An earlier talk with its note, for advisers."""

    when: str
    outcome: str
    by: str
    note: str


def dialogue_row(dialogue: HealthDialogue, *, actor: Actor, now: datetime) -> DialogueRow:
    """The citizen must be loaded."""
    citizen = dialogue.citizen
    held = dialogue.state == DialogueState.CLAIMED and bool(dialogue.claimed_until and dialogue.claimed_until > now)
    mine = held and dialogue.claimed_by_id == actor.user_id
    return DialogueRow(
        id=dialogue.pk,
        name=citizen.name,
        age=age_words(citizen, local_day(now)),
        topic=str(WorryTopic(dialogue.topic).label) if dialogue.topic else _("Ikke oplyst"),
        worry=dialogue.worry or "",
        language="" if citizen.language == "da" else language_name(citizen.language),
        speaks=citizen.language in actor.languages,
        due=moment_words(dialogue.due_at, now),
        is_due=dialogue.due_at <= now,
        promised=dialogue.agreed_time,
        referred=_("%(day)s af %(name)s")
        % {"day": day_month(local_day(dialogue.referred_at)), "name": dialogue.referred_by_name.split(" ")[0]},
        tries=dialogue.tries,
        holder=dialogue.claimed_by.display_name if held and not mine and dialogue.claimed_by else "",
        mine=mine,
    )


def talk_rows(talks: Iterable[HealthTalk]) -> list[TalkRow]:
    """Newest first, as they come."""
    return [
        TalkRow(
            when=stamp(each.attempt.at),
            outcome=str(DialogueOutcome(each.outcome).label),
            by=each.attempt.by_name,
            note=each.health_note or "",
        )
        for each in talks
    ]


def answer_lines(follow_ups: Iterable[FollowUp]) -> list[str]:
    """What the citizen has answered in each programme so far, without the callers' notes."""
    none_yet = _("intet svar endnu")
    return [f"{each.programme.name}: {last_answer_words(each) or none_yet}" for each in follow_ups]

"""Caseworkers who work the queue as the call screen does, and citizens who answer as their story says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.models import CallTask
from campaigns.selectors.lookups import waiting
from campaigns.services.answers import ALL, Contact, Said, record_call
from campaigns.services.calls import claim_next
from campaigns.services.lookups import nothing_found, number_found
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from outreach.clock.services import set_demo_clock
from registry.models import Citizen, PhoneKind, PhoneSource

from .story import Person

MINUTES_PER_CALL = 2
MOST_CALLS_PER_ROUND = 90
CALL_BACK_AFTER = timedelta(days=1)
_SPOKEN_WITH_NOBODY = {"no_answer", "voicemail", "busy", "wrong_number"}
# What the worried want to talk about, in the caller's words.
_WORRIES = [
    ("side_effects", "Har hørt om en nabo, der blev dårlig"),
    ("illness", "Tager medicin og vil vide, om det passer sammen"),
    ("allergy", "Har reageret på en vaccine som barn"),
    ("trust", "Synes, det er gået for hurtigt"),
]


@dataclass
class Callers:
    """The callers of one municipality, by user name, and what they know about the people they ring: nothing."""

    municipality_code: int
    usernames: list[str]
    story: dict[str, Person]

    def work_round(self, starts_at: datetime) -> int:
        """Take turns at the queue from `starts_at` until it is empty or the round is over. Returns calls made."""
        at = starts_at
        for turn in range(MOST_CALLS_PER_ROUND):
            set_demo_clock(at)
            username = self.usernames[turn % len(self.usernames)]
            with data_context(actor_by_username(username, municipality_code=self.municipality_code)) as by:
                task = claim_next(by=by, now=at)
                if task is None:
                    return turn
                self._call(by=by, task=task, at=at)
            at += timedelta(minutes=MINUTES_PER_CALL) / len(self.usernames)
        return MOST_CALLS_PER_ROUND

    def _call(self, *, by: Actor, task: CallTask, at: datetime) -> None:
        person = self.story[task.citizen.cpr]
        outcome = person.next_outcome()
        reached = outcome not in _SPOKEN_WITH_NOBODY
        topic, worry = _WORRIES[hash_of(person.cpr) % len(_WORRIES)] if outcome == "health_dialogue" else ("", "")
        said = Said(
            outcome=outcome,
            barrier=person.barrier if outcome in {"declined", "undecided"} else "",
            call_back_at=at + CALL_BACK_AFTER if outcome == "call_back" else None,
            topic=topic,
            worry=worry,
        )
        contact = Contact(spoke_with="citizen" if reached else "nobody", minutes=4 if reached else 1)
        record_call(by=by, citizen=task.citizen, said={ALL: said}, contact=contact, call_task=task, now=at)

    def look_up_numbers(self, at: datetime) -> int:
        """Search for missing numbers as step 2 of the memo does; some people have none. Returns look-ups done."""
        set_demo_clock(at)
        done = 0
        with data_context(actor_by_username(self.usernames[0], municipality_code=self.municipality_code)) as by:
            for citizen in list(_citizens_waiting(by)):
                person = self.story.get(citizen.cpr)
                if person is None:
                    continue
                if person.number_findable:
                    number = f"+4531{abs(hash_of(person.cpr)) % 1_000_000:06d}"
                    number_found(
                        by=by,
                        citizen=citizen,
                        number=number,
                        kind=PhoneKind.MOBILE,
                        source=PhoneSource.LOOKED_UP,
                        now=at,
                    )
                else:
                    nothing_found(by=by, citizen=citizen, now=at, places=["directory", "relatives"])
                done += 1
        return done


def _citizens_waiting(by: Actor) -> list[Citizen]:
    seen: dict[int, Citizen] = {}
    for follow_up in waiting(by):
        seen.setdefault(follow_up.citizen_id, follow_up.citizen)
    return list(seen.values())


def hash_of(cpr: str) -> int:
    """A number that is the same in every run (Python's own hash of a text is not)."""
    return int(cpr[:6]) * 7919 + int(cpr[6:]) * 104_729

"""The outcomes as the call screen groups them, with their keys; and what each of them asks further (K6, K7)."""

from __future__ import annotations

from registry.models import Outcome

from ..models import SpokeWith

REACHED = {
    Outcome.BOOKS_SELF: "1",
    Outcome.NEEDS_BOOKING_HELP: "2",
    Outcome.WANTS_POPUP: "3",
    Outcome.NEEDS_RIDE: "4",
    Outcome.HOME_ASSESSMENT: "5",
    Outcome.ALREADY_BOOKED: "6",
    Outcome.DECLINED: "7",
    Outcome.UNDECIDED: "8",
    Outcome.HEALTH_DIALOGUE: "9",
    Outcome.LANGUAGE: "0",
}
NOT_REACHED = {
    Outcome.NO_ANSWER: "q",
    Outcome.VOICEMAIL: "w",
    Outcome.BUSY: "e",
    Outcome.WRONG_NUMBER: "r",
    Outcome.CALL_BACK: "t",
}
MORE = "y"
REST = {
    Outcome.ALREADY_VACCINATED: "u",
    Outcome.BOOKED_ON_BEHALF: "i",
    Outcome.NEEDS_ESCORT: "o",
    Outcome.RELATIVE_REACHED: "p",
    Outcome.GUARDIAN_INFORMED: "a",
    Outcome.MOVED: "s",
    Outcome.DECEASED: "d",
    Outcome.DO_NOT_CONTACT: "f",
}
# The bottom row of letters answers the question that an outcome asks.
QUESTION_KEYS = "zxcvbm"
NOTE, HOUSEHOLD, PROGRAMMES, TALKED_WITH, DIAL, HELP = "n", "h", "g", "j", "l", "?"

WITH_BARRIER = (Outcome.DECLINED, Outcome.UNDECIDED)
WITH_NEEDS = (Outcome.NEEDS_RIDE, Outcome.HOME_ASSESSMENT, Outcome.NEEDS_ESCORT, Outcome.NEEDS_BOOKING_HELP)
WITH_BOOKED_TIME = (Outcome.BOOKED_ON_BEHALF, Outcome.ALREADY_BOOKED)
NOBODY_SPOKEN_WITH = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.WRONG_NUMBER)
SPOKEN_WITH_BY_OUTCOME = {
    Outcome.RELATIVE_REACHED: SpokeWith.RELATIVE,
    Outcome.GUARDIAN_INFORMED: SpokeWith.GUARDIAN,
}
# A relative tells of a death or a move, and may answer for the citizen; the rest follows from the outcome itself.
ASKS_WHO = tuple(each for each in Outcome if each not in NOBODY_SPOKEN_WITH and each != Outcome.GUARDIAN_INFORMED)
# What a citizen may answer differently about one programme than about another (C8).
PER_PROGRAMME = (
    Outcome.BOOKS_SELF,
    Outcome.NEEDS_BOOKING_HELP,
    Outcome.WANTS_POPUP,
    Outcome.NEEDS_RIDE,
    Outcome.HOME_ASSESSMENT,
    Outcome.ALREADY_BOOKED,
    Outcome.ALREADY_VACCINATED,
    Outcome.DECLINED,
    Outcome.UNDECIDED,
    Outcome.HEALTH_DIALOGUE,
    Outcome.NEEDS_ESCORT,
)
# What one may learn of somebody else in the household in the same call (C6).
PER_MEMBER = (*PER_PROGRAMME, Outcome.LANGUAGE, Outcome.MOVED, Outcome.DECEASED, Outcome.DO_NOT_CONTACT)

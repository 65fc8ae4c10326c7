"""The people of one morning on the telephone: who they are, what they say, and what it must lead to (K6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from campaigns.services.planning import plan
from registry.models import Citizen, Outcome, RelativeKind
from tests.factories.campaigns import contact_point
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records, relative
from tests.factories.popup_sites import published_session, site_in
from tests.factories.waves import listener


@dataclass(frozen=True)
class At:
    """Tab on to the field of this name."""

    name: str


@dataclass(frozen=True)
class Text:
    """Type this."""

    text: str


@dataclass(frozen=True)
class Answer:
    """One call: the keys from the outcome to the last question, and the words that must stand before saving."""

    outcome: Outcome
    keys: tuple[str | At | Text, ...]
    leads_to: str


K6 = Outcome
TIME_AND_PLACE = (At("booked_on"), Text("22.04.2021"), At("booked_time"), Text("10.30"), At("booked_place"))
# It is Tuesday 20 April 2021, 11.20. Worked out by hand with K6: in seven days is Tuesday the 27th, looked at when the
# office opens on the next working day; five working days on is Tuesday the 27th; 183 days on is 20 October.
ANSWERS: dict[str, list[Answer]] = {
    "Anna Selv": [Answer(K6.BOOKS_SELF, ("1",), "Afvent til ons. 28.04. kl. 8, fordi borgeren selv vil bestille tid.")],
    "Bent Hjælp": [
        Answer(K6.NEEDS_BOOKING_HELP, ("2", "z"), "Regionen er bedt om en tid og skal svare senest ons. 21.04. kl. 16.")
    ],
    "Carl Popup": [
        Answer(
            K6.WANTS_POPUP,
            ("3", "z"),
            "Afvent til tors. 22.04. kl. 8, fordi borgeren vil på pop-up-stedet Vejleåparken, beboerhuset.",
        )
    ],
    # A ride is to a time: the region is asked for one, and the ride hangs on it (K14).
    "Dorte Kørsel": [
        Answer(K6.NEEDS_RIDE, ("4", "x"), "Regionen er bedt om en tid og skal svare senest ons. 21.04. kl. 16.")
    ],
    "Else Hjemme": [Answer(K6.HOME_ASSESSMENT, ("5", "c"), "Visitér til hjemmevaccination ons. 21.04. kl. 10")],
    "Finn Tid": [
        Answer(
            K6.ALREADY_BOOKED,
            ("6", *TIME_AND_PLACE, Text("Bella")),
            "Afvent til fre. 23.04. kl. 8, fordi borgeren har en tid.",
        )
    ],
    "Gerda Nej": [Answer(K6.DECLINED, ("7", "c"), "Borgeren kan spørges igen fra 20.10.2021.")],
    "Hans Tvivl": [Answer(K6.UNDECIDED, ("8", "z"), "Ring igen tirs. 27.04. kl. 10, fordi borgeren er i tvivl.")],
    "Inge Spørger": [
        Answer(
            K6.HEALTH_DIALOGUE,
            ("9", "x", At("worry"), Text("Får blodfortyndende")),
            "Fagsamtale ons. 21.04. kl. 10",
        )
    ],
    "Javid Tolk": [Answer(K6.LANGUAGE, ("0", "z"), "Ring med tolk eller pårørende ons. 21.04. kl. 10")],
    "Karen Stille": [
        Answer(K6.NO_ANSWER, ("q",), "Ring igen ons. 21.04. kl. 14, fordi vi ikke fik fat i borgeren om formiddagen.")
    ],
    "Lars Svarer": [Answer(K6.VOICEMAIL, ("w",), "Ring igen ons. 21.04. kl. 14, fordi vi ikke fik fat i borgeren")],
    "Maja Optaget": [Answer(K6.BUSY, ("e",), "fordi der var optaget.")],
    "Niels Forkert": [Answer(K6.WRONG_NUMBER, ("r",), "Find et nyt telefonnummer")],
    # Two numbers: the second is tried at once.
    "Olga To": [
        Answer(K6.WRONG_NUMBER, ("r", "z"), "Ring på et andet nummer"),
        Answer(K6.BOOKS_SELF, ("1",), "Afvent til ons. 28.04. kl. 8, fordi borgeren selv vil bestille tid."),
    ],
    "Per Senere": [Answer(K6.CALL_BACK, ("t", "c"), "Ring igen ons. 21.04. kl. 10, fordi det er aftalt.")],
    "Rosa Færdig": [Answer(K6.ALREADY_VACCINATED, ("y", "u"), "Afvent de næste lister til ons. 05.05. kl. 8")],
    "Sten Bestilt": [
        Answer(
            K6.BOOKED_ON_BEHALF,
            ("y", "i", *TIME_AND_PLACE, Text("Arken")),
            "Afvent til fre. 23.04. kl. 8, fordi der er bestilt en tid til borgeren.",
        )
    ],
    "Tove Ledsager": [
        Answer(
            K6.NEEDS_ESCORT,
            ("y", "o", "z", At("wishes"), Text("Efter kl. 11")),
            "Regionen er bedt om en tid og skal svare senest ons. 21.04. kl. 16.",
        )
    ],
    "Ulla Datter": [Answer(K6.RELATIVE_REACHED, ("y", "p"), "Ring til borgeren selv tors. 22.04. kl. 10")],
    "Verner Værge": [Answer(K6.GUARDIAN_INFORMED, ("a",), "Ring til borgeren ons. 21.04. kl. 10")],
    "Willy Flyttet": [Answer(K6.MOVED, ("y", "s"), "Vi kontakter ikke borgeren igen.")],
    "Yrsa Død": [Answer(K6.DECEASED, ("y", "d"), "Vi kontakter ikke borgeren igen.")],
    "Åse Fred": [Answer(K6.DO_NOT_CONTACT, ("y", "f"), "Vi kontakter ikke borgeren igen.")],
}
# By hand from the table: 24 people and Olga's second number; nobody was spoken to in five of the calls.
CALLS, REACHED = 25, 20
RINGS_BACK, RINGS_FROM = "Karen Stille", "20 20 00 10"
LISTENERS = {
    "Jens Ja": "+4530300001",
    "Sara Stop": "+4530300002",
    "Rune Ring": "+4530300003",
    "Tavse Tim": "+4530300004",
}


def a_mornings_people() -> None:
    """Everybody in the table waits for a call, and four others have had their first SMS days ago."""
    # Open on Wednesday from 14 to 20.
    published_session(site_in())
    with records() as by:
        contact_point()
        for number, name in enumerate(ANSWERS):
            owner = citizen(name)
            phone(owner, f"+45202000{number:02d}")
            _what_is_special(owner)
            follow_up(owner, sms_sent=1, last_contact_at=NOW.replace(day=14))
        # Long enough ago for another SMS (K9), too short for a call: that is due on Wednesday.
        written = NOW - timedelta(hours=26)
        for name, number in LISTENERS.items():
            listener(name, number, sms_sent=1, first_contact_at=written, last_contact_at=written)
        plan(by=by, now=NOW)


def _what_is_special(owner: Citizen) -> None:
    if owner.name == "Olga To":
        phone(owner, "+4543576001", kind="landline")
    elif owner.name == "Verner Værge":
        relative(owner, RelativeKind.GUARDIAN, name="Vibe Værge")
    elif owner.name == "Ulla Datter":
        relative(owner)

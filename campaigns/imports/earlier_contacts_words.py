"""What the words in the municipality's spreadsheets mean: an explicit table, never a guess. Pure (L8)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from registry.models import Barrier, Outcome

from ..models import ContactKind

BLANKS = re.compile(r"[\s ]+")
EDGES = " .,;:!?-–/\"'()"
O = Outcome  # noqa: E741  the table below is read as a table

_WORDS: dict[Outcome, str] = {
    O.ALREADY_BOOKED: "ja, booket|booket|er booket|har booket|har booket tid|har tid|har en tid|ja, har tid"
    "|har fået tid|ja har booket|tid booket",
    O.BOOKS_SELF: "ja, booker selv|booker selv|bestiller selv|vil selv booke|vil selv bestille|bestiller selv tid",
    O.BOOKED_ON_BEHALF: "booket for borger|booket for borgeren|vi har booket|hjulpet med booking"
    "|tid bestilt for borger",
    O.NEEDS_BOOKING_HELP: "vil have hjælp|hjælp til booking|hjælp til tid|ønsker hjælp til booking|hjælp til at booke",
    O.WANTS_POPUP: "pop-up|popup|vil på pop-up|ønsker pop-up",
    O.NEEDS_RIDE: "kørsel|brug for kørsel|behov for kørsel|ønsker kørsel|skal køres",
    O.HOME_ASSESSMENT: "hjemmevaccination|vaccineres hjemme|ønsker hjemmebesøg|hjemme|hjemmebesøg",
    O.NEEDS_ESCORT: "ledsager|brug for ledsager|behov for ledsagelse|ledsagelse",
    O.ALREADY_VACCINATED: "vaccineret|er vaccineret|allerede vaccineret|færdigvaccineret|er blevet vaccineret",
    O.DECLINED: "nej|nej tak|ønsker ikke|ønsker ikke vaccine|ønsker ikke vaccination|vil ikke|vil ikke vaccineres"
    "|takket nej|takker nej|afslår|afslået|afvist|ikke interesseret",
    O.UNDECIDED: "i tvivl|tvivl|tvivler|er i tvivl|overvejer|overvejer det|ved ikke|måske|tænker over det",
    O.HEALTH_DIALOGUE: "vil tale med læge|vil tale med fagperson|ønsker samtale|bekymret|utryg",
    O.NO_ANSWER: "ingen svar|intet svar|svarer ikke|svarede ikke|tog den ikke|tager ikke telefonen|ikke truffet"
    "|ingen kontakt|ikke kontakt|ingen tog telefonen",
    O.VOICEMAIL: "tlf. svarer|tlf svarer|tlf.svarer|telefonsvarer|lagt besked|lagt besked på telefonsvarer"
    "|voicemail|besked lagt",
    O.BUSY: "optaget|optagettone",
    O.WRONG_NUMBER: "forkert nummer|forkert nr|forkert tlf|forkert telefonnummer|nummer findes ikke"
    "|nummeret er ikke i brug",
    O.CALL_BACK: "ring igen|ring senere|ring tilbage|ringes op igen|skal ringes op|ringer tilbage",
    O.LANGUAGE: "tolk|kræver tolk|brug for tolk|sprogproblemer|sprogvanskeligheder|taler ikke dansk",
    O.RELATIVE_REACHED: "pårørende|talt med pårørende|pårørende truffet|talt med datter|talt med søn"
    "|talt med ægtefælle",
    O.GUARDIAN_INFORMED: "værge orienteret|værge informeret|talt med værge",
    O.DECEASED: "død|afdød|er død|borger død|borgeren er død",
    O.MOVED: "flyttet|fraflyttet|er flyttet|flyttet fra kommunen",
    O.DO_NOT_CONTACT: "vil ikke kontaktes|ønsker ikke at blive kontaktet|ring ikke igen|vil ikke kontaktes igen",
}
_KINDS = {
    ContactKind.CALL: "opkald|ringet|telefon|tlf|telefonisk|udgående opkald",
    ContactKind.CALL_IN: "borgeren ringede|indgående|indgående opkald|ringede selv|borger ringede",
    ContactKind.SMS: "sms|besked|tekstbesked",
    ContactKind.LETTER: "brev|post|digital post|e-boks|eboks",
}
_BARRIERS = {
    Barrier.INFORMATION: "information|sprog|digital|it|kan ikke finde ud af det|forstår ikke",
    Barrier.ABILITY: "handicap|funktionsevne|dement|demens|syg|sygdom|fysisk",
    Barrier.DISTRUST: "mistillid|bivirkninger|angst for bivirkninger|bange|tror ikke på det|myter",
    Barrier.NOT_RELEVANT: "ikke relevant|ikke nødvendigt|har haft corona|rask|har haft det",
    Barrier.PRACTICAL: "tid|afstand|transport|praktisk|for langt|ingen tid",
    Barrier.OTHER: "andet",
}


def normalise_word(text: str) -> str:
    """An answer as it is compared and remembered: small letters, single blanks, no signs at its ends."""
    return BLANKS.sub(" ", text).strip(EDGES).casefold()


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {normalise_word(word): str(meaning) for meaning, line in words.items() for word in line.split("|")}


ANSWERS = {normalise_word(label): value for value, label in ((o.value, str(o.label)) for o in Outcome)} | _table(
    _WORDS  # type: ignore[arg-type]
)
KINDS = _table(_KINDS)  # type: ignore[arg-type]
BARRIERS = _table(_BARRIERS)  # type: ignore[arg-type]


def outcome_of(word: str, remembered: Mapping[str, str]) -> str | None:
    """The outcome of a normalised word: as a person said, else by the table; "" = leave out; None = unknown."""
    if word in remembered:
        return remembered[word]
    return ANSWERS.get(word)


def kind_of_contact(text: str) -> str:
    """How the contact was made; a call when nothing, or nothing we know, is said."""
    return KINDS.get(normalise_word(text), ContactKind.CALL)


def barrier_of(text: str) -> str:
    """The barrier a reason names; empty for none and for words that are no barrier of ours (they join the note)."""
    return BARRIERS.get(normalise_word(text), "")

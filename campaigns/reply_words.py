"""What a reply says, by plain word rules (S7). Pure; a person sees every reply that nothing is done about.

Only three kinds are acted on: STOP, START and RING. A keyword counts when it is the whole reply, or its first word in a
short reply that asks nothing and does not say the opposite (`ring ikke`). All else is only ever proposed.
"""

from __future__ import annotations

import re
import unicodedata

from .models import ReplyKind as K

# Twilio's own keywords are among them, so that we and Twilio never disagree about who has stopped.
STOP_FIRST = frozenset(
    {
        "stop", "stopp", "stopall", "afmeld", "afmeldt", "afmelde", "afmelding", "frameld", "frameldt", "framelde",
        "framelding", "unsubscribe", "optout",
    }
)  # fmt: skip
STOP_WHOLE = STOP_FIRST | {
    "cancel", "end", "quit", "revoke", "slut", "opt out", "stop all", "stop sms", "stop venligst", "stop tak",
    "stop det", "nej stop", "nej tak stop", "slet mig", "slet mit nummer", "stop please", "please stop", "abmelden",
    "avmeld", "avanmal",
}  # fmt: skip
START_WHOLE = frozenset({"start", "unstop", "tilmeld", "tilmeldt", "tilmelding", "tilmeld mig", "start sms"})
RING_FIRST = frozenset({"ring", "ringop", "opringning", "call"})
RING_WHOLE = RING_FIRST | {
    "ma i ringe", "ring mig op", "i ma gerne ringe", "ringe", "ja ring", "ja tak ring", "please call", "please call me"
}  # fmt: skip
YES_WHOLE = frozenset(
    {"ja", "ja tak", "jatak", "jo", "jo tak", "yes", "yes please", "y", "j", "jep", "gerne", "ja gerne", "ok", "okay"}
)
NO_WHOLE = frozenset({"nej", "nej tak", "nejtak", "niks", "no", "no thanks", "no thank you", "n", "ellers tak"})
HELP_WHOLE = frozenset({"help", "info", "hjaelp", "hjælp", "information"})
WRONG_NUMBER = (
    "forkert nummer", "forkert nr", "forkert person", "forkert tlf", "wrong number", "wrong person", "ikke mit navn",
    "kender ikke", "kender ingen", "ingen her der hedder", "nyt nummer", "har faet et andet nummer",
)  # fmt: skip
DECEASED = (
    "er død", "er dod", "er doed", "døde", "afgået ved døden", "gået bort", "er ikke mere", "lever ikke",
    "sov ind", "sovet ind", "passed away", "is dead", "has died", "died",
)  # fmt: skip
MAYBE_STOP = (
    "stop", "afmeld", "frameld", "unsubscribe", "ikke flere sms", "ikke flere besked", "lad mig være",
    "ikke skrive til mig", "ikke kontaktes", "kontakt mig ikke", "slet mig",
)  # fmt: skip
MAYBE_RING = frozenset({"ring", "ringe", "ringer", "ringes", "opkald", "opringning", "call", "phone", "telefonisk"})
NOT_NOW = frozenset({"ikke", "ingen", "aldrig", "not", "dont", "don't", "never", "nej"})
NO_MORE = frozenset({"flere", "mere", "more"})
MOST_WORDS = {"stop": 5, "ring": 6}
# Letters that taking accents off does not turn into the letters they are written with.
_KEPT = str.maketrans({"æ": "\0a", "ø": "\0o", "å": "\0u"})
_BACK = str.maketrans({"a": "æ", "o": "ø", "u": "å"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def reply_kind(body: str, *, media: int = 0, opt_out_word: str = "") -> K:
    """The kind of a reply. `opt_out_word` is the gateway's own reading (STOP, START, HELP), which is followed: where it
    has stopped a number, nothing we send would arrive."""
    if opt_out_word == "STOP":
        return K.STOP
    if opt_out_word == "START":
        return K.START
    words = words_of(body)
    if not words:
        return _without_words(body, media)
    return _keyword(words, body) or _whole(words) or _proposed(words)


def words_of(body: str) -> list[str]:
    """The words of a text: lower case, without accents (æ, ø, å stay), punctuation or pictures. `Stóp!` → `stop`."""
    visible = "".join(each for each in body if unicodedata.category(each) != "Cf")
    composed = unicodedata.normalize("NFKC", visible).casefold().replace("’", "'")
    guarded = unicodedata.normalize("NFC", composed).translate(_KEPT)
    bare = "".join(each for each in unicodedata.normalize("NFKD", guarded) if not unicodedata.combining(each))
    restored = re.sub("\0([aou])", lambda match: match[1].translate(_BACK), bare)
    return _WORD.findall(restored)


def _without_words(body: str, media: int) -> K:
    if media:
        return K.MEDIA
    return K.TEXT if body.strip() else K.EMPTY


def _keyword(words: list[str], body: str) -> K | None:
    text = _plain(words)
    asks = "?" in body
    short = len(words) <= MOST_WORDS["stop"] and not asks
    # `stop ikke` asks us to go on; `stop ikke flere` does not.
    goes_on = NOT_NOW & set(words[1:2]) and not NO_MORE & set(words)
    if text in STOP_WHOLE or (words[0] in STOP_FIRST and short and not goes_on):
        return K.STOP
    if text in START_WHOLE:
        return K.START
    if text in RING_WHOLE:
        return K.RING
    # A time of day, or a number, is for a person to read: `ring efter kl. 16`.
    numbers = any(any(each.isdigit() for each in word) for word in words)
    short = len(words) <= MOST_WORDS["ring"] and not asks and not numbers
    if words[0] in RING_FIRST and short and not NOT_NOW & set(words):
        return K.RING
    return None


def _whole(words: list[str]) -> K | None:
    text = _plain(words)
    if text in YES_WHOLE:
        return K.YES
    if text in NO_WHOLE:
        return K.NO
    return K.HELP if text in HELP_WHOLE or " ".join(words) in HELP_WHOLE else None


def _proposed(words: list[str]) -> K:
    """What free text may mean: shown as a proposal, never acted on. The gravest first."""
    text = f" {' '.join(words)} "
    bare = _bare(text)
    for kind, phrases in ((K.DECEASED, DECEASED), (K.WRONG_NUMBER, WRONG_NUMBER)):
        if any(f" {phrase} " in text or f" {_bare(phrase)} " in bare for phrase in phrases):
            return kind
    if any(f" {phrase}" in text for phrase in MAYBE_STOP):
        return K.MAYBE_STOP
    return K.MAYBE_RING if MAYBE_RING & set(words) else K.TEXT


def _plain(words: list[str]) -> str:
    """The words as one, also as somebody without Danish letters writes them."""
    return _bare(" ".join(words))


def _bare(text: str) -> str:
    return text.replace("æ", "ae").replace("ø", "o").replace("å", "a")

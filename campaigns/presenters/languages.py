"""Names of the languages citizens speak, and which of them are written from the right."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ..texts.bidi import direction

__all__ = ["direction", "language_choices", "language_codes", "language_name"]

_NAMES = {
    "da": gettext_noop("dansk"),
    "en": gettext_noop("engelsk"),
    "ar": gettext_noop("arabisk"),
    "bs": gettext_noop("bosnisk"),
    "de": gettext_noop("tysk"),
    "es": gettext_noop("spansk"),
    "fa": gettext_noop("persisk"),
    "fo": gettext_noop("færøsk"),
    "fr": gettext_noop("fransk"),
    "hr": gettext_noop("kroatisk"),
    "kl": gettext_noop("grønlandsk"),
    "ku": gettext_noop("kurdisk"),
    "pa": gettext_noop("punjabi"),
    "pl": gettext_noop("polsk"),
    "ps": gettext_noop("pashto"),
    "ro": gettext_noop("rumænsk"),
    "ru": gettext_noop("russisk"),
    "so": gettext_noop("somali"),
    "sq": gettext_noop("albansk"),
    "sr": gettext_noop("serbisk"),
    "ta": gettext_noop("tamil"),
    "th": gettext_noop("thai"),
    "ti": gettext_noop("tigrinya"),
    "tr": gettext_noop("tyrkisk"),
    "uk": gettext_noop("ukrainsk"),
    "ur": gettext_noop("urdu"),
    "vi": gettext_noop("vietnamesisk"),
    "zh": gettext_noop("kinesisk"),
}


def language_name(code: str) -> str:
    """`tr` as "tyrkisk"; a code we have no word for stays a code."""
    return _(_NAMES[code]) if code in _NAMES else code


def language_codes() -> list[str]:
    """The languages we have a word for."""
    return list(_NAMES)


def language_choices() -> list[tuple[str, str]]:
    """All languages we have a word for, by name; Danish first."""
    others = sorted((language_name(code), code) for code in _NAMES if code != "da")
    return [("da", language_name("da")), *((code, name) for name, code in others)]

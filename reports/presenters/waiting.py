"""What waits for the person in words, the most urgent first: how many of what, why, and where to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import NonresponderList


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the person."""

    number: int
    what: str
    detail: str
    url: str
    action: str


def list_waiting(nonresponder_list: NonresponderList) -> Waiting:
    """A list that waits for its review, or for its columns to be named."""
    maps = nonresponder_list.waits_for == "mapping"
    return Waiting(
        number=1,
        what=_("liste mangler kolonnenavne") if maps else _("liste til gennemsyn"),
        detail=nonresponder_list.display_name,
        url=reverse("registry:list_detail", args=[nonresponder_list.pk]),
        action=_("Sæt navne på") if maps else _("Gennemse"),
    )


def waiting_rows(counted: dict[str, int]) -> list[Waiting]:
    """Rows in the order of `_ROWS`, from what the selector counted."""
    return [_ROWS[kind](counted[kind]) for kind in _ROWS if kind in counted]


def _row(number: int, what: str, detail: str, url_name: str, action: str, query: str = "") -> Waiting:
    return Waiting(number, what, detail, reverse(url_name) + query, action)


_ROWS: dict[str, Callable[[int], Waiting]] = {
    "deadlines": lambda n: _row(
        n, ngettext("frist er i dag", "frister er i dag", n), _("første kontakt eller svar"),
        "campaigns:breaches", _("Se dem"), "?when=today",
    ),
    "replies": lambda n: _row(
        n, ngettext("ulæst svar", "ulæste svar", n), _("borgere har svaret på en sms"), "campaigns:inbox", _("Læs"),
    ),
    "tell": lambda n: _row(
        n, ngettext("tid er besvaret af regionen", "tider er besvaret af regionen", n), _("ring, og giv besked"),
        "campaigns:bookings", _("Giv besked"), "?vis=tell",
    ),
    "held_bookings": lambda n: _row(
        n, ngettext("bookingønske venter på frigivelse", "bookingønsker venter på frigivelse", n),
        _("borgeren er navne- og adressebeskyttet"), "campaigns:bookings", _("Se dem"), "?vis=held",
    ),
    "overdue_bookings": lambda n: _row(
        n, ngettext("bookingønske uden svar", "bookingønsker uden svar", n), _("regionens svarfrist er gået"),
        "campaigns:bookings", _("Se dem"), "?vis=overdue",
    ),
    "attendance": lambda n: _row(
        n, ngettext("tid er gået", "tider er gået", n), _("skriv, om borgeren kom"),
        "campaigns:bookings", _("Skriv"), "?vis=came",
    ),
    "waves": lambda n: _row(
        n, ngettext("sms-udsendelse til godkendelse", "sms-udsendelser til godkendelse", n),
        _("en anden end den, der lavede den, godkender"), "campaigns:waves", _("Gennemse"),
    ),
    "letters": lambda n: _row(
        n, ngettext("borger skal have brev", "borgere skal have brev", n), _("lav en bunke"),
        "campaigns:letters", _("Lav breve"),
    ),
    "batches": lambda n: _row(
        n, ngettext("bunke breve er ikke sendt", "bunker breve er ikke sendt", n), _("hent, send, og markér som sendt"),
        "campaigns:letters", _("Send"),
    ),
    "texts": lambda n: _row(
        n, ngettext("tekst til godkendelse", "tekster til godkendelse", n), _("skrevet af en kollega"),
        "campaigns:texts", _("Læs"),
    ),
    "checks": lambda n: _row(
        n, ngettext("opkald i stikprøven", "opkald i stikprøven", n), _("se på svaret, og giv besked"),
        "campaigns:quality", _("Se dem"),
    ),
    "doubt": lambda n: _row(
        n, ngettext("sms, vi ikke ved, om er sendt", "sms'er, vi ikke ved, om er sendt", n),
        _("se efter, før du sender igen"), "campaigns:messages", _("Se dem"),
    ),
    "notices": lambda n: _row(
        n, ngettext("besked om pop-up", "beskeder om pop-up", n), _("regionen venter på kvittering"),
        "popup_sites:site_index", _("Læs"),
    ),
    "lookups": lambda n: _row(
        n, ngettext("borger uden telefonnummer", "borgere uden telefonnummer", n), _("slå op, eller send brev"),
        "campaigns:lookups", _("Slå op"),
    ),
    "links": lambda n: _row(
        n, ngettext("aftale mangler", "aftaler mangler", n), _("kørsel eller hjælp til en tid"),
        "campaigns:chains", _("Aftal"),
    ),
    "to_follow_up": lambda n: _row(
        n, ngettext("opkald, du skal følge op", "opkald, du skal følge op", n), _("fra stikprøven"),
        "campaigns:quality_mine", _("Se dem"),
    ),
    "feedback": lambda n: _row(
        n, ngettext("tilbagemelding på dine opkald", "tilbagemeldinger på dine opkald", n),
        _("fra stikprøven"), "campaigns:quality_mine", _("Læs"),
    ),
    "citizen_files": lambda n: _row(
        n, ngettext("borgerfil holdes tilbage", "borgerfiler holdes tilbage", n),
        _("en anden end den, der indlæste, skal se på den"), "registry:citizen_import", _("Se dem"),
    ),
    "differences": lambda n: _row(
        n, ngettext("forskel i borgernes oplysninger", "forskelle i borgernes oplysninger", n),
        _("vælg, hvad der gælder"), "registry:citizen_differences", _("Vælg"),
    ),
}  # fmt: skip

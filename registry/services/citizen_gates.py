"""What holds a citizen file back until a second person has looked: changes of too many people at once.

A file is the whole registry's word. One whose columns have slipped, or that is another municipality's, ends the work
for thousands in a minute, or uncovers every protected address. No database here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import number_da
from outreach.errors import UserError

# Figures of ours. Fewer people than this is an ordinary week, however small the registry is.
FROM_PEOPLE = 20
# Of 100 Danes one dies in a year, five move to another municipality and fifteen within it, two are protected.
ENDED_SHARE = 0.01
MOVED_SHARE = 0.05  # as IC07
HIDDEN_SHARE = 0.01
RENAMED_SHARE = 0.05
READDRESSED_SHARE = 0.1
RENUMBERED_SHARE = 0.01
# Of those who are protected: an address once shown cannot be taken back.
SHOWN_FROM_PEOPLE = 5
SHOWN_SHARE = 0.1

REASON_LIMIT = 200
EVERYBODY = 10**9

SENTENCES = {
    "many_ended": gettext_lazy(
        "Filen melder %(rows)s af %(of)s borgere døde, udrejste, forsvundne eller med annulleret nummer. "
        "Deres opfølgning bliver afsluttet. Er det den rigtige fil?"
    ),
    "many_moved": gettext_lazy(
        "Filen melder %(rows)s af %(of)s borgere fraflyttet. Deres opfølgning bliver afsluttet. Er det den rigtige fil?"
    ),
    "many_revived": gettext_lazy(
        "%(rows)s borgere, som registret har som døde, udrejste, fraflyttede eller lignende, bliver aktive igen. "
        "Er det den rigtige fil?"
    ),
    "many_protected": gettext_lazy(
        "%(rows)s af %(of)s borgere får navne- og adressebeskyttelse. Er kolonnen den rigtige?"
    ),
    "many_unprotected": gettext_lazy(
        "%(rows)s af %(of)s beskyttede borgere mister deres navne- og adressebeskyttelse. Er kolonnen den rigtige?"
    ),
    "many_renamed": gettext_lazy("%(rows)s af %(of)s borgere får et andet navn. Er rækkerne i filen forskudt?"),
    "many_readdressed": gettext_lazy("%(rows)s af %(of)s borgere får en anden adresse. Er rækkerne i filen forskudt?"),
    "many_renumbered": gettext_lazy("%(rows)s af %(of)s borgere får et andet CPR-nummer. Er det den rigtige fil?"),
}


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """People a file changes, by how, beside how many active and how many protected ones there are before it."""

    active: int
    protected: int
    ended: int
    moved: int
    revived: int
    hidden: int
    shown: int
    renamed: int
    readdressed: int
    renumbered: int


class CitizensHeld(UserError):
    """A second person must look first; nothing of the file was written."""

    def __init__(self, gates: list[dict[str, Any]]) -> None:
        super().__init__(gates[0]["code"], " ".join(gate["message"] for gate in gates))
        self.gates = gates


def reasons_to_hold(figures: ChangeFigures) -> list[dict[str, Any]]:
    """[{"code", "rows", "message"}], in the order of what harms most."""
    active = (FROM_PEOPLE, figures.active)
    rules = [
        ("many_unprotected", figures.shown, SHOWN_SHARE, SHOWN_FROM_PEOPLE, figures.protected),
        ("many_ended", figures.ended, ENDED_SHARE, *active),
        ("many_moved", figures.moved, MOVED_SHARE, *active),
        ("many_revived", figures.revived, ENDED_SHARE, *active),
        ("many_renumbered", figures.renumbered, RENUMBERED_SHARE, *active),
        ("many_protected", figures.hidden, HIDDEN_SHARE, *active),
        ("many_renamed", figures.renamed, RENAMED_SHARE, *active),
        ("many_readdressed", figures.readdressed, READDRESSED_SHARE, *active),
    ]
    return [
        {"code": code, "rows": rows, "message": _sentence(code, rows, of)}
        for code, rows, share, least, of in rules
        if rows >= least and rows > of * share
    ]


def unanswered(gates: Iterable[dict[str, Any]], overrides: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The gates nobody has answered for; an answer covers no more people than there were when it was given."""
    answered = {each["code"]: each["rows"] for each in overrides}
    return [gate for gate in gates if gate["rows"] > answered.get(gate["code"], 0)]


def answers(
    gates: Iterable[Mapping[str, Any]], *, by: Actor, uploaded_by_id: int | None, reason: str, now: datetime
) -> list[dict[str, Any]]:
    """What `by` answers for, as a file's `overrides`: [{"code", "rows", "reason", "by", "at"}].

    Raises UserError `override_own` (whoever handed the file in), `override_reason`.
    """
    by.require(Permission.APPROVE_LISTS)
    if by.user_id is None or by.user_id == uploaded_by_id:
        raise UserError("override_own", _("En anden end den, der har indlæst filen, skal godkende den alligevel."))
    if not reason.strip():
        raise UserError("override_reason", _("Skriv, hvorfor filen er rigtig alligevel."))
    answer = {"reason": reason.strip()[:REASON_LIMIT], "by": by.name, "at": now.isoformat()}
    return [{"code": gate["code"], "rows": gate["rows"], **answer} for gate in gates]


def every_gate() -> list[dict[str, Any]]:
    """All gates for any number of people: what a second person answers for before a file is read, at a terminal."""
    return [{"code": code, "rows": EVERYBODY} for code in SENTENCES]


def _sentence(code: str, rows: int, of: int) -> str:
    return str(SENTENCES[code]) % {"rows": number_da(rows), "of": number_da(of)}

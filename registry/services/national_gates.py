"""What holds a national file back until a person has looked (IC06). Pure: figures in, sentences out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import number_da

# Figures of ours. A municipality that had this many rows last time and has none now is more often a wrong file.
VANISHED_FROM_ROWS = 50
# A file is judged as a whole from this many rows on.
JUDGED_FROM_ROWS = 50
UNPLACED_SHARE = 0.05
FEWER_SHARE = 0.1


@dataclass(frozen=True)
class Shares:
    """How a national file's rows fall: `placed` municipality code → rows, `unplaced` rows without a municipality."""

    placed: Mapping[int, int]
    unplaced: int

    @property
    def rows(self) -> int:
        return sum(self.placed.values()) + self.unplaced


def reasons_to_hold(
    shares: Shares, previous: Mapping[int, int] | None, served: Mapping[int, str]
) -> list[dict[str, str]]:
    """[{"code", "message"}] for what a person must look at; `previous`: the last split file's rows by municipality.

    `served`: code → name of the municipalities that use this installation.
    """
    found: list[dict[str, str]] = []
    rows = shares.rows
    if len(served) > 1 and rows >= JUDGED_FROM_ROWS and len(shares.placed) == 1:
        code = next(iter(shares.placed))
        text = _("Alle rækker hører til én kommune (%(code)s). Er det den rigtige fil?")
        found.append({"code": "one_municipality", "message": text % {"code": f"{code:04d}"}})
    if rows >= JUDGED_FROM_ROWS and shares.unplaced > rows * UNPLACED_SHARE:
        text = _("%(unplaced)s af %(rows)s rækker har ingen kendt kommunekode. Kontrollér kolonnen med kommuner.")
        words = {"unplaced": number_da(shares.unplaced), "rows": number_da(rows)}
        found.append({"code": "unplaced", "message": text % words})
    if previous is None:
        return found
    vanished = [
        name
        for code, name in sorted(served.items())
        if previous.get(code, 0) >= VANISHED_FROM_ROWS and not shares.placed.get(code)
    ]
    if vanished:
        text = _("Disse kommuner havde rækker sidst og har ingen nu: %(names)s. Er filen hel?")
        found.append({"code": "vanished_municipality", "message": text % {"names": ", ".join(vanished)}})
    before = sum(previous.values())
    if before >= JUDGED_FROM_ROWS and rows <= before * FEWER_SHARE:
        text = _("Filen har %(rows)s rækker, den forrige havde %(before)s. Er det den rigtige fil?")
        found.append({"code": "fewer_rows", "message": text % {"rows": number_da(rows), "before": number_da(before)}})
    return found

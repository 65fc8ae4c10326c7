"""One group of a review in words: heading, filters, what can be decided at once, rows, and where one is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.design.formats import number_da

from ..models import FollowUp, RowClass
from ..row_problems import ONE_OF_SEVERAL, SKIP_ONLY
from ..selectors.list_review import RowFilter, RowPage
from .list_comparisons import problem_words
from .list_rows import RowLine, row_lines
from .lists import group_name

# Which table draws the group, and what is said beside its heading.
DECIDE, FAULTS, FOLLOWED = "decide", "faults", "followed"
LAYOUTS = {
    RowClass.NEEDS_DECISION: DECIDE,
    RowClass.MOVED: DECIDE,
    RowClass.UNREADABLE: FAULTS,
}
NOTES = {
    RowClass.NEEDS_DECISION: gettext_lazy("vælg for hver række, eller for mange på en gang"),
    RowClass.UNREADABLE: gettext_lazy("bliver ikke indlæst; ret dem i filen, eller bed SSI om en ny"),
    RowClass.NEW: gettext_lazy("ingen handling; de får et næste skridt, når listen er godkendt"),
    RowClass.WAITING: gettext_lazy("ingen handling; tidligere svar bliver stående"),
    RowClass.GONE: gettext_lazy(
        "ingen handling; kan være vaccineret, men også booket, flyttet eller inviteret for nylig"
    ),
    RowClass.MOVED: gettext_lazy("ingen handling, medmindre du vil indlæse dem alligevel"),
    RowClass.OTHER_NUMBER: gettext_lazy("ingen handling; de følges under det nye nummer"),
    RowClass.DUPLICATE: gettext_lazy("ingen handling; rækkerne er ens og tæller én gang"),
}
EMPTY = {
    RowClass.NEEDS_DECISION: gettext_lazy("Alle rækker er entydige."),
    RowClass.UNREADABLE: gettext_lazy("Alle rækker i filen kunne læses."),
    RowClass.NEW: gettext_lazy("Alle på listen har stået der før."),
    RowClass.WAITING: gettext_lazy("Ingen på listen er fulgt op fra en tidligere liste."),
    RowClass.GONE: gettext_lazy("Alle fra den forrige liste står her stadig, eller der er ingen forrige liste."),
    RowClass.MOVED: gettext_lazy("Alle på listen hører til i kommunen."),
    RowClass.OTHER_NUMBER: gettext_lazy("Alle er kendt under det CPR-nummer, der står på listen."),
    RowClass.DUPLICATE: gettext_lazy("Ingen står to gange."),
}
CALM = frozenset(RowClass) - {RowClass.NEEDS_DECISION, RowClass.UNREADABLE}


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem: how many rows have it and wait, and what can be decided for all that wait."""

    code: str
    words: str
    rows: str
    take: str = ""
    take_value: str = "import"
    skip: str = ""
    waiting: int = 0
    importable: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """How far the decisions are, and the newest step, which can be undone."""

    text: str
    done: int
    of: int
    undo_text: str = ""
    undo_step: int = 0


@dataclass(frozen=True, slots=True)
class RowsPanel:
    """One group: its heading, its rows, what can be decided at once."""

    group: str
    title: str
    note: str
    empty: str
    layout: str
    total: int
    calm: bool = False
    lines: list[RowLine] = field(default_factory=list)
    problems: list[ProblemLine] = field(default_factory=list)
    matching: ProblemLine | None = None
    place: str = ""
    previous_key: int | None = None
    next_key: int | None = None
    may_decide: bool = False
    filter: RowFilter | None = None

    @property
    def query(self) -> str:
        """What an address of these rows says; a search is never in one."""
        kept = {"gruppe": self.group}
        if self.filter is not None and self.filter.problem:
            kept["problem"] = self.filter.problem
        if self.filter is not None and self.filter.waiting_only:
            kept["mangler"] = "1"
        return urlencode(kept)


def rows_panel(
    row_filter: RowFilter,
    total: int,
    found: int,
    page: RowPage,
    follow_ups: Mapping[int, FollowUp],
    problems: Mapping[str, tuple[int, int]],
    *,
    waiting_matching: int,
    importable: int,
    today: date,
    reviewing: bool,
    may_decide: bool,
) -> RowsPanel:
    """One group's rows. `found` is how many the filter lets through, `problems` rows and waiting rows by problem,
    `waiting_matching` how many of a search's rows wait, `importable` how many of these can be taken all at once.
    """
    row_class = row_filter.row_class
    lines = row_lines(page.rows, follow_ups, today=today, may_decide=may_decide)
    return RowsPanel(
        group=row_class.value,
        title=group_name(row_class, reviewing=reviewing),
        note=str(NOTES[row_class]) if reviewing and total else "",
        empty=_("Ingen rækker passer til det, du har valgt.") if row_filter.narrows else str(EMPTY[row_class]),
        layout=LAYOUTS.get(row_class, FOLLOWED),
        total=total,
        calm=reviewing and row_class in CALM,
        lines=lines,
        problems=[
            _problem(code, rows, waits if may_decide else 0, row_filter) for code, (rows, waits) in problems.items()
        ],
        matching=_matching(row_filter, waiting_matching, importable) if may_decide else None,
        place=_place(lines, page, found, row_filter),
        previous_key=page.first_key if page.has_previous else None,
        next_key=page.last_key if page.has_next else None,
        may_decide=may_decide,
        filter=row_filter,
    )


def decided(total: int, waiting: int, step: Mapping[str, Any] | None) -> Decided:
    """`12 af 40 mangler`, and what the newest step did."""
    text = ""
    if waiting:
        text = _("%(waiting)s af %(rows)s mangler") % {"waiting": number_da(waiting), "rows": number_da(total)}
    elif total:
        text = _("Alle %(rows)s er afgjort") % {"rows": number_da(total)}
    undo_text = ""
    if step:
        undo_text = ngettext(
            "Sidste valg gjaldt %(rows)s række.", "Sidste valg gjaldt %(rows)s rækker.", step["rows"]
        ) % {"rows": number_da(step["rows"])}
    return Decided(text, total - waiting, total, undo_text, step["step"] if step else 0)


def _problem(code: str, rows: int, waiting: int, row_filter: RowFilter) -> ProblemLine:
    take, value = "", "import"
    words = {"rows": number_da(waiting)}
    if code == ONE_OF_SEVERAL and waiting:
        take, value = _("Tag den tidligste målgruppe for alle"), "earliest"
    elif waiting and code not in SKIP_ONLY:
        take = _("Indlæs alle %(rows)s") % words if waiting > 1 else _("Indlæs den ene")
    skip = _("Spring alle %(rows)s over") % words if waiting > 1 else _("Spring den ene over")
    return ProblemLine(
        code=code,
        words=problem_words(code),
        rows=_("%(waiting)s af %(rows)s mangler") % {"waiting": number_da(waiting), "rows": number_da(rows)}
        if waiting and row_filter.row_class == RowClass.NEEDS_DECISION
        else number_da(rows),
        take=take,
        take_value=value,
        skip=skip if waiting else "",
        waiting=waiting,
        current=row_filter.problem == code,
    )


def _matching(row_filter: RowFilter, found: int, importable: int) -> ProblemLine | None:
    """One choice for all that a search found; a problem alone has its own line."""
    if not row_filter.text or not found:
        return None
    return ProblemLine(
        code=row_filter.problem,
        words=_("Alle, der passer til »%(text)s«") % {"text": row_filter.text},
        rows=number_da(found),
        take=_take_words(importable),
        skip=_("Spring de %(rows)s over") % {"rows": number_da(found)} if found > 1 else _("Spring den ene over"),
        waiting=found,
        importable=importable,
    )


def _take_words(importable: int) -> str:
    if importable == 1:
        return _("Indlæs den ene")
    return _("Indlæs de %(rows)s") % {"rows": number_da(importable)} if importable else ""


def _place(lines: list[RowLine], page: RowPage, found: int, row_filter: RowFilter) -> str:
    if not (page.has_previous or page.has_next or (row_filter.narrows and len(lines) > 1)):
        return ""
    words = {"first": page.first_key, "last": page.last_key, "found": number_da(found), "shown": number_da(len(lines))}
    if row_filter.row_class == RowClass.GONE:
        return _("Viser %(shown)s af %(found)s") % words
    return _("Række %(first)s til %(last)s i filen · %(found)s i alt") % words

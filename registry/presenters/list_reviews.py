"""The review page in words: facts, what the reader noticed, gates, the rows panel and what approval does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import number_da

from ..models import FollowUp, ListRow, NonresponderList, RowClass
from ..row_problems import message
from .list_rows import NEVER_IMPORTED, RowLine, column_words, row_lines
from .lists import approval_question, consequences, facts_line, group_name, long_day, week_words

# Which table draws the group, and what is said beside its heading.
DECIDE, FAULTS, FOLLOWED = "decide", "faults", "followed"
LAYOUTS = {
    RowClass.NEEDS_DECISION: DECIDE,
    RowClass.MOVED: DECIDE,
    RowClass.UNREADABLE: FAULTS,
}
NOTES = {
    RowClass.NEEDS_DECISION: gettext_lazy("vælg for hver række, og gem"),
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


@dataclass(frozen=True, slots=True)
class Gate:
    """What holds the list; `may_override` for this actor, else `why_not` when somebody else may."""

    code: str
    message: str
    may_override: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything above and below the rows."""

    title: str
    week: str
    facts: str
    columns: list[tuple[str, str]]
    warnings: list[str]
    gates: list[Gate]
    overrides: list[str]
    consequences: list[str]
    question: str
    held: bool
    may_approve: bool
    may_withdraw: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """One decision for all rows with one problem."""

    code: str
    message: str
    rows: int
    take: str
    skip: str


@dataclass(frozen=True, slots=True)
class RowsPanel:
    """One group: its heading, its rows, what can be decided at once."""

    group: str
    title: str
    note: str
    empty: str
    layout: str
    total: int
    lines: list[RowLine] = field(default_factory=list)
    bulk: list[BulkChoice] = field(default_factory=list)
    may_decide: bool = False


def review_page(
    nonresponder_list: NonresponderList, counts: Mapping[RowClass, int], undecided: int, *, actor: Actor
) -> ReviewPage:
    """The page round the rows, for this actor."""
    may_approve = actor.may(Permission.APPROVE_LISTS)
    gates = [_gate(gate, nonresponder_list, actor) for gate in nonresponder_list.gates]
    return ReviewPage(
        title=_("Gennemse listen fra %(day)s") % {"day": long_day(nonresponder_list.as_of)},
        week=week_words(nonresponder_list.as_of),
        facts=facts_line(nonresponder_list),
        columns=[(column_words(ours), theirs) for ours, theirs in nonresponder_list.mapping.items()],
        warnings=[_warning(each) for each in nonresponder_list.warnings],
        gates=gates,
        overrides=override_lines(nonresponder_list),
        consequences=consequences(counts, undecided),
        question=approval_question(counts, undecided),
        held=bool(gates),
        may_approve=may_approve,
        may_withdraw=actor.may(Permission.UPLOAD_LISTS),
        invented=nonresponder_list.invented,
    )


def rows_panel(
    row_class: RowClass,
    total: int,
    rows: list[ListRow],
    follow_ups: Mapping[int, FollowUp],
    problems: Mapping[str, int],
    *,
    today: date,
    reviewing: bool,
    may_decide: bool,
) -> RowsPanel:
    """One group's rows; `problems` counts what can be decided in bulk."""
    return RowsPanel(
        group=row_class.value,
        title=group_name(row_class, reviewing=reviewing),
        note=str(NOTES[row_class]) if reviewing and total else "",
        empty=str(EMPTY[row_class]),
        layout=LAYOUTS.get(row_class, FOLLOWED),
        total=total,
        lines=row_lines(rows, follow_ups, today=today, may_decide=may_decide),
        bulk=[_bulk(code, number) for code, number in problems.items() if number > 1 and code != "same_cpr_differs"],
        may_decide=may_decide,
    )


def override_lines(nonresponder_list: NonresponderList) -> list[str]:
    """Gates somebody took the responsibility for: who, and why."""
    return [
        _("%(who)s har godkendt den alligevel: %(reason)s") % {"who": override["by"], "reason": override["reason"]}
        for override in nonresponder_list.overrides
    ]


def _gate(gate: Mapping[str, object], nonresponder_list: NonresponderList, actor: Actor) -> Gate:
    overridable = bool(gate.get("overridable"))
    own = actor.user_id is not None and actor.user_id == nonresponder_list.uploaded_by_id
    why_not = ""
    if overridable and own:
        why_not = _(
            "Du har selv indlæst filen. En anden teamleder eller listeadministrator kan godkende den alligevel."
        )
    return Gate(
        code=str(gate["code"]),
        message=str(gate["message"]),
        may_override=overridable and not own and actor.may(Permission.APPROVE_LISTS),
        why_not=why_not,
    )


def _warning(warning: object) -> str:
    return str(warning["message"]) if isinstance(warning, dict) else str(warning)


def _bulk(code: str, rows: int) -> BulkChoice:
    words = {"rows": number_da(rows)}
    return BulkChoice(
        code=code,
        message=message(code),
        rows=rows,
        take="" if code in NEVER_IMPORTED else _("Indlæs alle %(rows)s") % words,
        skip=_("Spring alle %(rows)s over") % words,
    )

"""The receipt of a list (L6): what was received, by whom, when, and what became of it. Never queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import date_da, number_da, time_da, weekday_da

from ..models import ListKind, ListState, ListStateChange, NonresponderList, RowClass
from ..services.erasure import erasure_due
from .list_reviews import override_lines
from .lists import Mark, group_name, groups_words, kind_words, long_day, state_mark, week_words

WEEK = timedelta(days=7)
# The steps a worker takes have no person behind them.
JOB = "list-import"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of state on the receipt's timeline."""

    when: str
    iso: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One group on the receipt: its name, how many rows, what became of them."""

    label: str
    rows: str
    text: str


# What became of a group's rows once the list was used, and what the group says of a list that never was.
BECAME = {
    RowClass.NEW: gettext_lazy("fik en opfølgning og et næste skridt"),
    RowClass.WAITING: gettext_lazy("fortsatte i deres forløb; tidligere svar blev stående"),
    RowClass.GONE: gettext_lazy("blev afsluttet som »ikke længere på listen«; det er ikke det samme som vaccineret"),
    RowClass.MOVED: gettext_lazy("hører til i en anden kommune og blev ikke indlæst"),
    RowClass.OTHER_NUMBER: gettext_lazy("følges under det nye CPR-nummer"),
    RowClass.DUPLICATE: gettext_lazy("stod flere gange og tæller én gang"),
    RowClass.NEEDS_DECISION: gettext_lazy("blev sprunget over, eller ingen tog stilling til dem; blev ikke indlæst"),
    RowClass.UNREADABLE: gettext_lazy("kunne ikke læses og blev ikke indlæst"),
}


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The receipt. `undo_refusal` says why there is no undo button on a list in use."""

    title: str
    week: str
    state: Mark
    ending: str
    facts: list[tuple[str, str]]
    what_happened: list[Happened]
    overrides: list[str]
    changes: list[ChangeLine]
    expected: str
    may_undo: bool
    undo_refusal: str
    invented: bool


def receipt_page(
    nonresponder_list: NonresponderList,
    changes: list[ListStateChange],
    counts: Mapping[RowClass, int],
    *,
    actor: Actor,
    refusal: str,
    today: date,
) -> ReceiptPage:
    """The receipt as the actor sees it; `refusal` is why the list cannot be undone, empty when it can."""
    committed = nonresponder_list.state == ListState.COMMITTED
    may_undo = committed and actor.may(Permission.APPROVE_LISTS)
    return ReceiptPage(
        title=_("Kvittering for listen fra %(day)s") % {"day": long_day(nonresponder_list.as_of)},
        week=week_words(nonresponder_list.as_of),
        state=state_mark(nonresponder_list),
        ending=_ending(nonresponder_list, changes),
        facts=_facts(nonresponder_list),
        what_happened=_what_happened(counts, used=committed),
        overrides=override_lines(nonresponder_list),
        changes=[_change_line(change) for change in changes],
        expected=_expected(nonresponder_list, today) if committed else "",
        may_undo=may_undo and not refusal,
        undo_refusal=refusal if may_undo else "",
        invented=nonresponder_list.invented,
    )


def _ending(nonresponder_list: NonresponderList, changes: list[ListStateChange]) -> str:
    state = nonresponder_list.state
    last = next((change for change in reversed(changes) if change.state == state), None)
    if last is None or state in (ListState.COMMITTED, ListState.REVIEWED):
        return ""
    local = timezone.localtime(last.at)
    words = {"who": last.by_name, "day": date_da(local.date()), "clock": time_da(local)}
    sentences = {
        ListState.REJECTED: _("%(who)s afviste listen %(day)s kl. %(clock)s. Intet af den er brugt."),
        ListState.WITHDRAWN: _("%(who)s trak listen tilbage %(day)s kl. %(clock)s. Intet af den er brugt."),
        ListState.UNDONE: _(
            "%(who)s fortrød listen %(day)s kl. %(clock)s. Alle opfølgninger blev, som de var før den."
        ),
    }
    text = sentences[ListState(state)] % words
    return f"{text} {last.note}" if last.note else text


def _what_happened(counts: Mapping[RowClass, int], *, used: bool) -> list[Happened]:
    return [
        Happened(
            label=group_name(row_class, reviewing=False),
            rows=number_da(counts[row_class]),
            text=str(BECAME[row_class]) if used else _("blev ikke brugt"),
        )
        for row_class in BECAME
        if counts[row_class]
    ]


def _facts(nonresponder_list: NonresponderList) -> list[tuple[str, str]]:
    order = nonresponder_list.order
    facts = [
        (_("Fil"), nonresponder_list.display_name),
        (_("Rækker"), number_da(nonresponder_list.rows)),
        (_("Data trukket"), date_da(nonresponder_list.as_of)),
        (_("Program"), nonresponder_list.programme.name),
        (_("Slags"), kind_words(nonresponder_list).capitalize()),
        (_("Bestilling"), f"{order.reference} · {order.purpose}" if order else ""),
        (_("Ventetid"), _("%(days)s dage") % {"days": nonresponder_list.waiting_days}),
        (_("Omfatter"), groups_words(nonresponder_list.groups_covered or nonresponder_list.groups_stated)),
        (_("Indlæst af"), nonresponder_list.uploaded_by_name),
        (_("Godkendt af"), nonresponder_list.committed_by_name),
        (_("Opbevaring"), _file_words(nonresponder_list)),
    ]
    return [(label, value) for label, value in facts if value]


def _file_words(nonresponder_list: NonresponderList) -> str:
    due = erasure_due(nonresponder_list)
    if due is not None:
        return _("filen er gemt til kontrol og slettes %(day)s") % {"day": date_da(timezone.localtime(due).date())}
    return _("filen er slettet %(day)s") % {"day": date_da(timezone.localtime(nonresponder_list.file_erased_at).date())}


def _change_line(change: ListStateChange) -> ChangeLine:
    local = timezone.localtime(change.at)
    return ChangeLine(
        when=f"{date_da(local.date())} {time_da(local)}",
        iso=local.isoformat(timespec="minutes"),
        text=change.get_state_display()
        if change.by_name == JOB
        else f"{change.get_state_display()} · {change.by_name}",
        detail="" if change.by_name == JOB else change.note,
    )


def _expected(nonresponder_list: NonresponderList, today: date) -> str:
    day = nonresponder_list.as_of + WEEK
    if nonresponder_list.kind != ListKind.STANDING or day < today:
        return ""
    return _("Næste liste, %(week)s, ventes %(day)s") % {"week": week_words(day).lower(), "day": weekday_da(day)}

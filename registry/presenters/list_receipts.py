"""The receipt of a list (L6): what was received, by whom, when, and what became of it. Never queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import date_da, number_da, time_da, weekday_da

from ..models import ListKind, ListState, ListStateChange, NonresponderList
from .list_reviews import override_lines
from .lists import Mark, groups_words, kind_words, long_day, state_mark, week_words

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
class ReceiptPage:
    """The receipt. `undo_refusal` says why there is no undo button on a list in use."""

    title: str
    week: str
    state: Mark
    ending: str
    facts: list[tuple[str, str]]
    overrides: list[str]
    changes: list[ChangeLine]
    expected: str
    may_undo: bool
    undo_refusal: str
    invented: bool


def receipt_page(
    nonresponder_list: NonresponderList,
    changes: list[ListStateChange],
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
    if last is None or state == ListState.COMMITTED:
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
    if nonresponder_list.file_erased_at is None:
        return _("filen er gemt til kontrol og slettes, når perioden er gået")
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

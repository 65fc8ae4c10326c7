"""What the pages say of a list as a whole: facts, state, tiles, what approval does, the receipt. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.design.formats import day_month, number_da, time_da

from ..models import ListKind, ListState, NonresponderList, RowClass

GROUP_NAMES = {
    RowClass.NEEDS_DECISION: gettext_lazy("Skal du tage stilling til"),
    RowClass.UNREADABLE: gettext_lazy("Kan ikke læses"),
    RowClass.NEW: gettext_lazy("Nye"),
    RowClass.WAITING: gettext_lazy("Stadig på listen"),
    RowClass.GONE: gettext_lazy("Ikke længere på listen"),
    RowClass.MOVED: gettext_lazy("Flyttet"),
    RowClass.OTHER_NUMBER: gettext_lazy("Kendt under andet nummer"),
    RowClass.DUPLICATE: gettext_lazy("Står to gange"),
}
STATE_TONES = {
    ListState.UPLOADED: "",
    ListState.READ: "",
    ListState.MATCHED: "",
    ListState.REVIEWED: "warning",
    ListState.COMMITTED: "success",
    ListState.REJECTED: "danger",
    ListState.WITHDRAWN: "",
    ListState.UNDONE: "",
    ListState.FAILED: "danger",
}
MONTHS = (
    gettext_lazy("januar"),
    gettext_lazy("februar"),
    gettext_lazy("marts"),
    gettext_lazy("april"),
    gettext_lazy("maj"),
    gettext_lazy("juni"),
    gettext_lazy("juli"),
    gettext_lazy("august"),
    gettext_lazy("september"),
    gettext_lazy("oktober"),
    gettext_lazy("november"),
    gettext_lazy("december"),
)
READING_STATES = (ListState.UPLOADED, ListState.READ, ListState.MATCHED)


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge: its words and its tone ("" is neutral)."""

    text: str
    tone: str = ""


def state_mark(nonresponder_list: NonresponderList) -> Mark:
    """The state as a badge; a list that waits for a person says for what."""
    if nonresponder_list.state == ListState.UPLOADED and nonresponder_list.waits_for:
        return Mark(_("Vælg kolonner"), "warning")
    state = ListState(nonresponder_list.state)
    return Mark(str(state.label), STATE_TONES[state])


def week_words(day: date) -> str:
    """`Uge 16`."""
    return _("Uge %(week)s") % {"week": day.isocalendar().week}


def long_day(day: date) -> str:
    """`20. april`."""
    return _("%(day)s. %(month)s") % {"day": day.day, "month": MONTHS[day.month - 1]}


def moment_words(moment: datetime | None) -> str:
    """`20.04. kl. 9.14`, in local time; empty for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return _("%(day)s kl. %(clock)s") % {"day": day_month(local), "clock": time_da(local)}


def kind_words(nonresponder_list: NonresponderList) -> str:
    """`ugentlig liste`."""
    return str(ListKind(nonresponder_list.kind).label).lower()


def facts_line(nonresponder_list: NonresponderList) -> str:
    """`uge16.xlsx · 143 rækker · COVID-19, ventetid 22 dage, målgruppe 1–7 · indlæst af Mette kl. 9.14 på 1,8 s`."""
    seconds = sum(float(spent) for spent in nonresponder_list.seconds.values())
    parts = [
        nonresponder_list.display_name,
        rows_words(nonresponder_list.rows) if nonresponder_list.rows else "",
        ", ".join(
            part
            for part in (
                nonresponder_list.programme.name,
                _("ventetid %(days)s dage") % {"days": nonresponder_list.waiting_days},
                groups_words(nonresponder_list.groups_covered or nonresponder_list.groups_stated),
            )
            if part
        ),
        _("indlæst af %(who)s %(when)s")
        % {"who": nonresponder_list.uploaded_by_name, "when": moment_words(nonresponder_list.uploaded_at)}
        + (_(" på %(seconds)s s") % {"seconds": number_da(seconds, 1)} if seconds >= 0.05 else ""),
    ]
    return " · ".join(part for part in parts if part)


def rows_words(rows: int) -> str:
    """`143 rækker`."""
    return ngettext("%(rows)s række", "%(rows)s rækker", rows) % {"rows": number_da(rows)}


def groups_words(codes: Iterable[str]) -> str:
    """`målgruppe 1–3, 7 og 10A`; whole numbers in a row are drawn together."""
    codes = list(dict.fromkeys(codes))
    numbers = sorted(int(code) for code in codes if code.isdecimal())
    parts: list[str] = []
    while numbers:
        first = last = numbers.pop(0)
        while numbers and numbers[0] == last + 1:
            last = numbers.pop(0)
        parts += [f"{first}–{last}"] if last - first > 1 else [str(number) for number in range(first, last + 1)]
    parts += sorted(code for code in codes if not code.isdecimal())
    if not parts:
        return ""
    joined = (
        _("%(most)s og %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]} if len(parts) > 1 else parts[0]
    )
    return _("målgruppe %(codes)s") % {"codes": joined}


def group_name(row_class: RowClass, *, reviewing: bool) -> str:
    """What a group is called; afterwards nobody decides any more."""
    if row_class == RowClass.NEEDS_DECISION and not reviewing:
        return _("Ikke taget stilling til")
    return str(GROUP_NAMES[row_class])


def consequences(counts: Mapping[RowClass, int], undecided: int) -> list[str]:
    """What approval does, one sentence for each group that has rows."""
    sentences = {
        RowClass.NEW: ngettext(
            "%(rows)s ny borger får en opfølgning og et næste skridt.",
            "%(rows)s nye borgere får en opfølgning og et næste skridt.",
            counts[RowClass.NEW],
        ),
        RowClass.WAITING: ngettext(
            "%(rows)s borger fortsætter i sit forløb. Tidligere svar bliver stående.",
            "%(rows)s borgere fortsætter i deres forløb. Tidligere svar bliver stående.",
            counts[RowClass.WAITING],
        ),
        RowClass.OTHER_NUMBER: ngettext(
            "%(rows)s borger er kendt under et andet nummer og følges under det nye.",
            "%(rows)s borgere er kendt under et andet nummer og følges under det nye.",
            counts[RowClass.OTHER_NUMBER],
        ),
        RowClass.GONE: ngettext(
            "%(rows)s borger afsluttes som »ikke længere på listen«. Det er ikke det samme som vaccineret.",
            "%(rows)s borgere afsluttes som »ikke længere på listen«. Det er ikke det samme som vaccineret.",
            counts[RowClass.GONE],
        ),
        RowClass.MOVED: ngettext(
            "%(rows)s borger hører til i en anden kommune og indlæses kun, hvis du vælger det.",
            "%(rows)s borgere hører til i en anden kommune og indlæses kun, hvis du vælger det.",
            counts[RowClass.MOVED],
        ),
        RowClass.UNREADABLE: ngettext(
            "%(rows)s række kan ikke læses og bliver ikke indlæst.",
            "%(rows)s rækker kan ikke læses og bliver ikke indlæst.",
            counts[RowClass.UNREADABLE],
        ),
    }
    lines = [
        text % {"rows": number_da(counts[row_class])} for row_class, text in sentences.items() if counts[row_class]
    ]
    if undecided:
        text = ngettext(
            "%(rows)s række har du ikke taget stilling til. Den bliver ikke indlæst.",
            "%(rows)s rækker har du ikke taget stilling til. De bliver ikke indlæst.",
            undecided,
        )
        lines.append(text % {"rows": number_da(undecided)})
    return lines


def approval_question(counts: Mapping[RowClass, int], undecided: int) -> str:
    """What the dialog asks before a commit."""
    text = _("Indlæs listen? %(new)s nye, %(waiting)s fortsætter, %(gone)s afsluttes.") % {
        "new": number_da(counts[RowClass.NEW]),
        "waiting": number_da(counts[RowClass.WAITING]),
        "gone": number_da(counts[RowClass.GONE]),
    }
    return f"{text} {consequences(counts, undecided)[-1]}" if undecided else text

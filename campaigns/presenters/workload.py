"""The workload page as values, and its file (K12). Amounts come in øre and are said in kroner."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook

from outreach.design.formats import date_da, number_da, percent_da, weekday_da
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral

from ..models import WorkBudget
from ..selectors.workload import Figures, WorkloadRow
from ..workload_rules import (
    CALLING_HOURS,
    Cost,
    Forecast,
    Prices,
    Staffing,
    Used,
    average_seconds,
    cost,
)

ORE = 100
PERCENT = 100


@dataclass(frozen=True)
class WorkloadLine:
    """One row of the table; `cost` is empty without a grant."""

    label: str
    calls: int
    reached: str
    talks: int
    minutes: int
    lookups: int
    messages: int
    letters: int
    rides: int
    cost: str


@dataclass(frozen=True)
class GrantPanel:
    """The grant: what is used, what is left, and how it goes on, as sentences."""

    id: int
    name: str
    period: str
    reference: str
    amount: str
    used: str
    used_percent: float
    left: str
    parts: list[tuple[str, str]]
    forecast: str
    tone: str


def used_of(figures: Figures) -> Used:
    """What of the figures costs money."""
    return Used(
        seconds=figures.seconds,
        timed=figures.spoken - figures.untimed,
        untimed=figures.untimed,
        talk_seconds=figures.talk_seconds,
        timed_talks=figures.talks - figures.talks_untimed,
        untimed_talks=figures.talks_untimed,
        segments=figures.segments,
        letters=figures.letters,
        rides=figures.rides,
    )


def prices_of(budget: WorkBudget) -> Prices:
    """What things cost by the grant."""
    return Prices(budget.hourly_rate, budget.segment_price, budget.letter_price, budget.ride_price)


def workload_line(label: str, figures: Figures, budget: WorkBudget | None) -> WorkloadLine:
    """A row of figures under its name."""
    share = figures.reached_share
    return WorkloadLine(
        label=label,
        calls=figures.spoken,
        reached=percent_da(None if share is None else share * PERCENT, 0),
        talks=figures.talks,
        minutes=round((figures.seconds + figures.talk_seconds) / 60),
        lookups=figures.lookups,
        messages=figures.messages,
        letters=figures.letters,
        rides=figures.rides,
        cost=kroner(cost(used_of(figures), prices_of(budget)).total) if budget else "",
    )


def row_label(row: WorkloadRow, by: str) -> str:
    """What a row of the breakdown is called."""
    if by == "week":
        return week_words(row.week)
    if by == "list":
        return list_words(row)
    group = _("målgruppe %(group)s") % {"group": row.target_group} if row.target_group else _("uden målgruppe")
    return f"{row.programme}, {group}" if row.programme else _("Uden liste og målgruppe")


def week_words(week: date | None) -> str:
    """`Uge 16, fra man. 19.04.`"""
    if week is None:
        return ""
    return _("Uge %(week)s, fra %(day)s") % {"week": week.isocalendar().week, "day": weekday_da(week)}


def list_words(row: WorkloadRow) -> str:
    """`covid-19, liste fra 20.04.2021`"""
    if row.list_as_of is None:
        return _("Uden liste")
    return _("%(programme)s, liste fra %(day)s") % {"programme": row.programme, "day": date_da(row.list_as_of)}


def grant_panel(budget: WorkBudget, spent: Cost, expected: Forecast | None) -> GrantPanel:
    """The grant with what was used in its period."""
    left = budget.amount - spent.total
    sentence, tone = _forecast_words(budget, left, expected)
    return GrantPanel(
        id=budget.pk,
        name=budget.name,
        period=f"{date_da(budget.starts_on)} – {date_da(budget.ends_on)}",
        reference=budget.reference,
        amount=kroner(budget.amount),
        used=kroner(spent.total),
        used_percent=min(100.0, spent.total * 100 / budget.amount),
        left=kroner(left),
        parts=[
            (_("Arbejdstid"), kroner(spent.staff)),
            (_("Sms"), kroner(spent.messages)),
            (_("Breve"), kroner(spent.letters)),
            (_("Kørsel"), kroner(spent.rides)),
        ],
        forecast=sentence,
        tone=tone,
    )


def staffing_words(need: Staffing | None, waiting: int, attempts: float | None, seconds: float | None) -> list[str]:
    """What it takes to call everybody who waits; and what the figures rest on, or what is missing for them."""
    if not waiting:
        return [_("Ingen venter på at blive ringet op.")]
    if need is None or attempts is None or seconds is None:
        missing = _("%(number)s borgere venter. Vi kan regne tiden ud, når der er ringet nogle opkald med kendt tid.")
        return [missing % {"number": number_da(waiting)}]
    lines = [
        ngettext(
            "%(number)s borger venter. Det svarer til %(hours)s timers opringning.",
            "%(number)s borgere venter. Det svarer til %(hours)s timers opringning.",
            waiting,
        )
        % {"number": number_da(waiting), "hours": number_da(need.hours)}
    ]
    if need.tightest is not None:
        lines.append(
            _("For at holde alle frister skal %(people)s ringe hver dag; fristen %(day)s afgør det.")
            % {"people": number_da(need.people), "day": weekday_da(need.tightest)}
        )
    lines.append(
        _("Regnet med %(attempts)s opkald pr. borger, %(minutes)s minutter pr. opkald og %(hours)s timer om dagen.")
        % {
            "attempts": number_da(attempts, 1),
            "minutes": number_da(seconds / 60, 1),
            "hours": CALLING_HOURS,
        }
    )
    return lines


def basis_words(figures: Figures) -> list[str]:
    """What the cost rests on."""
    words = [_("Kun opkald, beskeder, breve og ønsker om kørsel, som er skrevet ned her, er regnet med.")]
    average = average_seconds(used_of(figures))
    if figures.untimed and average is not None:
        words.append(
            _("Tiden kendes ikke for %(number)s opkald; de er regnet som gennemsnittet, %(minutes)s minutter.")
            % {"number": number_da(figures.untimed), "minutes": number_da(average / 60, 1)}
        )
    elif figures.untimed:
        words.append(
            _("Tiden kendes ikke for noget af de %(number)s opkald, og de er derfor ikke regnet med i prisen.")
            % {"number": number_da(figures.untimed)}
        )
    return words


def workload_csv(rows: Sequence[WorkloadRow], budget: WorkBudget | None) -> str:
    """Week, list and group with all figures, semicolons and decimal commas as Danish spreadsheets read them."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for line in _file_lines(rows, budget):
        writer.writerow(
            [str(value).replace(".", ",") if isinstance(value, float) else neutral(value) for value in line]
        )
    return BYTE_ORDER_MARK + file.getvalue()


def workload_xlsx(rows: Sequence[WorkloadRow], budget: WorkBudget | None) -> bytes:
    """The same as a spreadsheet; cells are texts and numbers, never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Arbejdsmængde"))
    for line in _file_lines(rows, budget):
        sheet.append([neutral(value) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def kroner(ore: int) -> str:
    """`1.234 kr.`, rounded to whole kroner."""
    return f"{number_da(round(ore / ORE))} kr."


def _forecast_words(budget: WorkBudget, left: int, expected: Forecast | None) -> tuple[str, str]:
    if left < 0:
        return _("Bevillingen er overskredet med %(amount)s.") % {"amount": kroner(-left)}, "error"
    if expected is None:
        return _("Der er endnu ingen arbejdsdag i perioden at måle et tempo på."), "note"
    pace = {"pace": kroner(round(expected.per_day)), "end": date_da(budget.ends_on)}
    if expected.empty_on is not None:
        words = _(
            "Med det nuværende tempo på %(pace)s om dagen er bevillingen brugt %(day)s – før den slutter %(end)s."
        )
        return words % (pace | {"day": date_da(expected.empty_on)}), "warning"
    words = _("Med det nuværende tempo på %(pace)s om dagen er der brugt %(total)s, når bevillingen slutter %(end)s.")
    return words % (pace | {"total": kroner(expected.total)}), "success"


def _file_lines(rows: Sequence[WorkloadRow], budget: WorkBudget | None) -> list[list[object]]:
    head: list[object] = [
        _("Ugens mandag"), _("Liste fra"), _("Program"), _("Målgruppe"), _("Opkald ud"), _("Opkald ind"), _("Truffet"),
        _("Minutter"), _("Opkald uden kendt tid"), _("Fagsamtaler"), _("Minutter i fagsamtaler"),
        _("Opslag"), _("Sms"), _("Sms-dele"), _("Breve"), _("Kørsler"),
    ]  # fmt: skip
    lines = [head + ([_("Kroner")] if budget else [])]
    for row in rows:
        each = row.figures
        line: list[object] = [
            date_da(row.week), date_da(row.list_as_of) if row.list_as_of else "", row.programme, row.target_group,
            each.calls, each.calls_in, each.reached, round(each.seconds / 60, 1), each.untimed, each.talks,
            round(each.talk_seconds / 60, 1), each.lookups, each.messages, each.segments, each.letters, each.rides,
        ]  # fmt: skip
        price = [cost(used_of(each), prices_of(budget)).total / ORE] if budget else []
        lines.append(line + price)
    return lines

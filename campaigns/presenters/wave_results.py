"""What came of a wave, in tiles, tables and a file; those held out beside those written to (D6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import number_da, percent_da

from ..models import MessageStatus, SmsWave
from ..selectors.waves_results import FOLLOWED_DAYS, Group, WaveResults
from .messages import STATUS_ORDER
from .waves import left_out_lines

HANDED_OVER = (MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.UNDELIVERED)


@dataclass(frozen=True)
class Tile:
    """One number."""

    label: str
    number: int
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class ResultsView:
    """`compared`: what, share of those written to, share of those held out; empty without a hold-out."""

    tiles: list[Tile]
    statuses: list[tuple[str, int]]
    faults: list[tuple[str, int]]
    left_out: list[tuple[str, int]]
    days: list[tuple[int, int, int, int]]
    compared: list[tuple[str, str, str]]
    held_out: int
    followed_days: int


def results_view(results: WaveResults) -> ResultsView:
    """The results as the page shows them."""
    statuses = results.statuses
    sent = sum(statuses.get(status, 0) for status in HANDED_OVER)
    missed = statuses.get(MessageStatus.UNDELIVERED, 0) + statuses.get(MessageStatus.FAILED, 0)
    written = results.written_to
    return ResultsView(
        tiles=[
            Tile(_("Sendt"), sent),
            Tile(_("Modtaget på telefonen"), statuses.get(MessageStatus.DELIVERED, 0)),
            Tile(_("Ikke modtaget"), missed, "danger" if missed else ""),
            Tile(_("Svar"), results.replies),
            Tile(_("Frameldt sms"), results.opted_out),
            Tile(_("Har svaret eller fået tid"), written.acted("answered"), note=_share(written, "answered")),
            Tile(_("Ikke længere på listen"), written.acted("gone"), note=_share(written, "gone")),
        ],
        statuses=[(str(status.label), statuses[status]) for status in STATUS_ORDER if statuses.get(status)],
        faults=[(text or _("Uden forklaring"), number) for text, number in results.faults.items()],
        left_out=left_out_lines(results.left_out),
        days=list(_days(written)),
        compared=_compared(results) if results.held_out.people else [],
        held_out=results.held_out.people,
        followed_days=FOLLOWED_DAYS,
    )


def results_rows(wave: SmsWave, results: WaveResults) -> Iterator[list[object]]:
    """The same figures for a spreadsheet."""
    view = results_view(results)
    yield [_("Udsendelse"), wave.name]
    yield [_("Sms-dele sendt"), results.segments]
    for tile in view.tiles:
        yield [tile.label, tile.number]
    yield [_("Holdt ude til sammenligning"), view.held_out]
    for heading, lines in ((_("Status"), view.statuses), (_("Fejl"), view.faults), (_("Udeladt"), view.left_out)):
        for label, number in lines:
            yield [heading, label, number]
    yield [_("Dage efter"), _("Har svaret"), _("Har fået tid"), _("Ikke længere på listen")]
    for row in view.days:
        yield [*row]


def _days(group: Group) -> Iterator[tuple[int, int, int, int]]:
    last = max((day for counts in (group.answered, group.booked, group.gone) for day in counts), default=-1)
    for day in range(min(last, FOLLOWED_DAYS) + 1):
        yield day, group.answered.get(day, 0), group.booked.get(day, 0), group.gone.get(day, 0)


def _compared(results: WaveResults) -> list[tuple[str, str, str]]:
    labels = {"answered": _("Har svaret"), "booked": _("Har fået tid"), "gone": _("Ikke længere på listen")}
    return [(label, _share(results.written_to, what), _share(results.held_out, what)) for what, label in labels.items()]


def _share(group: Group, what: str) -> str:
    if not group.people:
        return "–"
    number = group.acted(what)
    share = percent_da(100 * number / group.people)
    return _("%(number)s af %(people)s (%(share)s)") % {
        "number": number_da(number), "people": number_da(group.people), "share": share,
    }  # fmt: skip
